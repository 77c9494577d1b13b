import { driverError } from '../errors.js'

/** The bytes that literals do not hold as they are. In the text each has changed places with a rarer one. */
const UNWRITABLE = [0x00, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b, 0x27, 0x5c]

/**
 * Compiles a module from a text that has one character for each of its bytes.
 *
 * `exchanged` are those that changed places with the {@link UNWRITABLE}.
 */
export function compileText(text: string, length: number, exchanged: string): WebAssembly.Module {
  // Of a script that was read in another encoding, each of the upper characters has become two.
  if (text.length !== length) throw driverError('environment_script_charset')
  const places = Array.from({ length: 256 }, (_, byte) => byte)
  UNWRITABLE.forEach((byte, place) => {
    const other = exchanged.charCodeAt(place)
    places[byte] = other
    places[other] = byte
  })
  const bytes = new Uint8Array(length)
  for (let index = 0; index < length; index += 1) bytes[index] = places[text.charCodeAt(index)] as number
  return new WebAssembly.Module(bytes)
}
