export const first = async () => {}
