export const exchanged: string
export const length: number
declare const text: string
export default text
