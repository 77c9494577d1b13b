import { driverError } from '../errors.js'

/** What runtimes have built in, some since not long ago. */
interface Decoders {
  Buffer?: { from(text: string, encoding: 'latin1'): Uint8Array }
  Uint8Array: { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }
}

/**
 * Compiles a module from a text that has one character for each of its bytes.
 *
 * `mask` was laid over each of them, so that few need escapes.
 */
export function compileText(text: string, length: number, mask: number): WebAssembly.Module {
  // Of a script that was read in another encoding, each of the upper characters has become two.
  if (text.length !== length) throw driverError('environment_script_charset')
  const bytes = bytesOf(text)
  unmask(bytes, mask)
  return new WebAssembly.Module(bytes)
}

/** The bytes of a text, by what the runtime has built in: this is run once, before anything is compiled to be fast. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const { Buffer, Uint8Array: Bytes } = globalThis as unknown as Decoders
  if (Bytes.fromBase64 !== undefined) return Bytes.fromBase64(btoa(text))
  // Copied, because a buffer may begin anywhere.
  if (Buffer !== undefined) return new Uint8Array(Buffer.from(text, 'latin1'))
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = text.charCodeAt(index)
  return bytes
}

/** Takes the mask off: four bytes in a number, and four numbers in a turn, because turns are what costs here. */
function unmask(bytes: Uint8Array<ArrayBuffer>, mask: number): void {
  const masks = mask * 0x01010101
  const words = new Int32Array(bytes.buffer, 0, (bytes.length >> 4) << 2)
  for (let index = 0; index < words.length; index += 4) {
    ;(words[index] as number) ^= masks
    ;(words[index + 1] as number) ^= masks
    ;(words[index + 2] as number) ^= masks
    ;(words[index + 3] as number) ^= masks
  }
  for (let index = words.length << 2; index < bytes.length; index += 1) (bytes[index] as number) ^= mask
}
