import { driverError } from '../errors.js'

/** Compiles a module from a text that has one character for each of its bytes. */
export function compileText(text: string, length: number): WebAssembly.Module {
  // Of a script that was read in another encoding, each of the upper characters has become two.
  if (text.length !== length) throw driverError('environment_script_charset')
  const bytes = new Uint8Array(length)
  for (let index = 0; index < length; index += 1) bytes[index] = text.charCodeAt(index)
  return new WebAssembly.Module(bytes)
}
