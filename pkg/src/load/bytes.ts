/** Compiles a module from a text that has one character for each byte. */
export function compileText(text: string): WebAssembly.Module {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index)
  return new WebAssembly.Module(bytes)
}
