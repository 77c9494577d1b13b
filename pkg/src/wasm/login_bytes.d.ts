export const mask: number
export const length: number
declare const text: string
export default text
