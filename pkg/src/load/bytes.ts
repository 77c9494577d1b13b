import { driverError } from '../errors.js'

/** What some runtimes have: Node and those that are like it. */
interface Buffers {
  Buffer?: { from(bytes: ArrayBuffer): { write(text: string, encoding: 'latin1'): void } }
}

/** Bytes, which browsers and others decode base64 into since not long ago. */
type Bytes = Uint8Array<ArrayBuffer> & { setFromBase64?: (text: string) => void }

/** What `UNMASKING` exports. */
interface Unmasking {
  memory: WebAssembly.Memory
  unmask(end: number, mask: bigint): void
}

/**
 * Compiles a module from a text that has one character for each of its bytes.
 *
 * `mask` was laid over each of them, so that few need escapes.
 */
export function compileText(text: string, length: number, mask: number): WebAssembly.Module {
  // Of a script that was read in another encoding, each of the upper characters has become two.
  if (text.length !== length) throw driverError('environment_script_charset')
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(UNMASKING)))
  const { memory, unmask } = exports as unknown as Unmasking
  memory.grow(Math.ceil(length / PAGE_BYTES))
  const bytes: Bytes = new Uint8Array(memory.buffer as ArrayBuffer, 0, length)
  decode(text, bytes)
  unmask(Math.ceil(length / 8) * 8, BigInt(mask) * 0x0101_0101_0101_0101n)
  return new WebAssembly.Module(bytes)
}

/** Writes the bytes of a text, by what the runtime has built in: this is run once, before anything is compiled to be fast. */
function decode(text: string, bytes: Bytes): void {
  const { Buffer } = globalThis as unknown as Buffers
  if (bytes.setFromBase64 !== undefined) bytes.setFromBase64(btoa(text))
  else if (Buffer !== undefined) Buffer.from(bytes.buffer).write(text, 'latin1')
  else for (let index = 0; index < bytes.length; index += 1) bytes[index] = text.charCodeAt(index)
}

const PAGE_BYTES = 0x10000

/**
 * A module that takes the mask off. JavaScript would still be interpreted in this one turn, which takes milliseconds.
 *
 * ```wat
 * (module
 *   (memory (export "memory") 0)
 *   (func (export "unmask") (param $end i32) (param $mask i64)
 *     (loop $down
 *       (local.set $end (i32.sub (local.get $end) (i32.const 8)))
 *       (i64.store (local.get $end) (i64.xor (i64.load (local.get $end)) (local.get $mask)))
 *       (br_if $down (local.get $end)))))
 * ```
 */
const UNMASKING = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  // types
  0x01, 0x06, 0x01, 0x60, 0x02, 0x7f, 0x7e, 0x00,
  // functions
  0x03, 0x02, 0x01, 0x00,
  // memories
  0x05, 0x03, 0x01, 0x00, 0x00,
  // exports
  0x07, 0x13, 0x02, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00, 0x06, 0x75, 0x6e, 0x6d, 0x61, 0x73, 0x6b,
  0x00, 0x00,
  // code
  0x0a, 0x1f, 0x01, 0x1d, 0x00, 0x03, 0x40, 0x20, 0x00, 0x41, 0x08, 0x6b, 0x21, 0x00, 0x20, 0x00, 0x20, 0x00, 0x29,
  0x03, 0x00, 0x20, 0x01, 0x85, 0x37, 0x03, 0x00, 0x20, 0x00, 0x0d, 0x00, 0x0b, 0x0b,
]
