import { type Failure, PortvaktError, driverError } from './errors.js'

/** What wasm-bindgen generates around every module, and an export for each name of `Call`. */
export type Glue<Call extends string> = Record<Call, (call: Uint8Array) => string> & {
  /** Gives what the instance exports, also when there is one already. */
  initSync(options: { module: WebAssembly.Module | undefined }): { memory: WebAssembly.Memory }
  __wbg_reset_state(): void
}

/** What is handed to a module, piece by piece. A number takes eight bytes, and `undefined` none. */
export type Argument = string | number | Uint8Array | undefined

/** What can be called: each gives a text, or nothing. */
export type Calls<C> = { [K in keyof C]: (...arguments_: never[]) => string | undefined }

/** Gives the compiled module. Called once, at the first call that needs it. */
export type Compile = () => WebAssembly.Module

/**
 * One WebAssembly module: compiled and instantiated at first use, and instantiated anew after a trap.
 *
 * A trap leaves an instance in a state that nobody has thought about, so that nothing more is asked of it. The call
 * that met it fails, and the next one works.
 */
export class Core<C extends Calls<C>> {
  readonly #glue: Glue<keyof C & string>
  readonly #compile: Compile
  readonly #calls: C
  #state: 'absent' | 'ready' | 'broken' = 'absent'
  #memory: WebAssembly.Memory | undefined

  constructor(glue: Glue<keyof C & string>, compile: Compile) {
    this.#glue = glue
    this.#compile = compile
    const crossing = (name: keyof C & string) => (...pieces: Argument[]) => crossed(this.#glue[name](packed(pieces)))
    const names = Object.keys(glue) as (keyof C & string)[]
    this.#calls = Object.fromEntries(names.map((name) => [name, crossing(name)])) as unknown as C
  }

  /** Calls into the module, and reads the result that it writes. */
  ask<T>(work: (calls: C) => string): T {
    return JSON.parse(this.call(work)) as T
  }

  /** Calls into the module. Whatever comes out of it but an answer or a failure is a trap. */
  call<T>(work: (calls: C) => T): T {
    this.prepare()
    try {
      return work(this.#calls)
    } catch (thrown) {
      if (thrown instanceof PortvaktError) throw thrown
      this.#state = 'broken'
      throw driverError('environment_wasm_trapped', thrown)
    }
  }

  /** Bytes in the module's memory, where it has said that they are. None, once the memory has grown. */
  bytes(place: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array((this.#memory as WebAssembly.Memory).buffer as ArrayBuffer, place, length)
  }

  /** Compiles and instantiates the module, unless that is done. */
  prepare(): void {
    if (this.#state === 'ready') return
    if (this.#state === 'broken') renew(this.#glue)
    const module = this.#state === 'absent' ? compiled(this.#compile) : undefined
    this.#memory = this.#glue.initSync({ module }).memory
    this.#state = 'ready'
  }
}

/**
 * The arguments of a call in one: the length of each in four bytes, the lowest first, and then its bytes.
 *
 * Good until the next call: the module copies them.
 */
function packed(pieces: Argument[]): Uint8Array {
  let most = 0
  for (const piece of pieces) most += LENGTH_BYTES + mostBytes(piece)
  const buffer = most > scratch.length ? new Uint8Array(most) : scratch
  const view = buffer === scratch ? scratchView : new DataView(buffer.buffer)
  let offset = 0
  for (const piece of pieces) {
    const start = offset + LENGTH_BYTES
    let length = 0
    if (typeof piece === 'string') length = encodeInto(piece, buffer, start)
    else if (typeof piece === 'number') {
      view.setFloat64(start, piece, true)
      length = NUMBER_BYTES
    } else if (piece) {
      buffer.set(piece, start)
      length = piece.length
    }
    view.setUint32(offset, piece === undefined || piece === null ? ABSENT : length, true)
    offset = start + length
  }
  return buffer.subarray(0, offset)
}

/** Writes a text as UTF-8 from a place on, and gives the number of bytes. */
function encodeInto(text: string, bytes: Uint8Array, start: number): number {
  // Of a word each character takes less time than the call takes in browsers.
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place)
    if (place === LONGEST_WORD || unit > 0x7f) return encoder.encodeInto(text, bytes.subarray(start)).written
    bytes[start + place] = unit
  }
  return text.length
}

/** UTF-8 has at most three bytes for each of the units that JavaScript counts. */
function mostBytes(piece: Argument): number {
  return typeof piece === 'string' ? 3 * piece.length : typeof piece === 'number' ? NUMBER_BYTES : (piece?.length ?? 0)
}

const encoder = new TextEncoder()
const LONGEST_WORD = 32
const LENGTH_BYTES = 4
const NUMBER_BYTES = 8
const ABSENT = 0xffff_ffff

/** What the calls of a server need, so that most of them allocate nothing. */
const scratch = new Uint8Array(16 * 1024)
const scratchView = new DataView(scratch.buffer)

/** What a call gave. The last character of the text says what kind of answer it is. */
function crossed(answer: string): string | undefined {
  const text = answer.slice(0, -1)
  switch (answer.at(-1)) {
    case '+':
      return text
    case '!':
      throw new PortvaktError(JSON.parse(text) as Failure)
    default:
      return undefined
  }
}

function renew(glue: Pick<Glue<never>, '__wbg_reset_state'>): void {
  try {
    glue.__wbg_reset_state()
  } catch (error) {
    // For want of memory, perhaps. The next call tries again.
    throw driverError('environment_wasm_trapped', error)
  }
}

function compiled(compile: Compile): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined') throw driverError('environment_wasm_missing')
  try {
    return compile()
  } catch (error) {
    if (error instanceof PortvaktError) throw error
    // The bytes are ours and correct: what fails is the permission.
    throw driverError('environment_wasm_blocked', error)
  }
}
