import { type Failure, PortvaktError, driverError } from './errors.js'

/** What wasm-bindgen generates around every module. */
export interface Glue {
  initSync(options: { module: WebAssembly.Module }): unknown
  __wbg_reset_state(): void
}

/** Gives the compiled module. Called once, at the first call that needs it. */
export type Compile = () => WebAssembly.Module

/**
 * One WebAssembly module: compiled and instantiated at first use, and instantiated anew after a trap.
 *
 * A trap leaves an instance in a state that nobody has thought about, so that nothing more is asked of it. The call
 * that met it fails, and the next one works.
 */
export class Core<G extends Glue> {
  readonly #glue: G
  readonly #compile: Compile
  #state: 'absent' | 'ready' | 'broken' = 'absent'

  constructor(glue: G, compile: Compile) {
    this.#glue = glue
    this.#compile = compile
  }

  /** Calls into the module, and reads the result that it writes. */
  ask<T>(work: (glue: G) => string): T {
    return JSON.parse(this.call(work)) as T
  }

  /** Calls into the module. What it throws itself is the text of a failure; everything else comes from a trap. */
  call<T>(work: (glue: G) => T): T {
    this.prepare()
    try {
      return work(this.#glue)
    } catch (thrown) {
      if (thrown instanceof PortvaktError) throw thrown
      if (typeof thrown === 'string') throw new PortvaktError(JSON.parse(thrown) as Failure)
      this.#state = 'broken'
      throw driverError('environment_wasm_trapped', thrown)
    }
  }

  /** Compiles and instantiates the module, unless that is done. */
  prepare(): void {
    if (this.#state === 'ready') return
    if (this.#state === 'broken') renew(this.#glue)
    else this.#glue.initSync({ module: compiled(this.#compile) })
    this.#state = 'ready'
  }
}

function renew(glue: Glue): void {
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
