import type { Core } from '../core.js'
import { driverError } from '../errors.js'
import type { VerifyGlue } from './glue.js'
import type { SomeToken } from './types.js'

/** The most tokens that a verifier can be told to remember. */
const MAX_SEEN_TOKENS = 100_000

/** The longest token that is remembered, in characters: what a request can carry, so that the memory has a bound. */
const MAX_SEEN_CHARACTERS = 16 * 1024

/** What is known of a token that was accepted. */
interface Seen {
  readonly token: SomeToken
  /** The keys that it was accepted with. */
  readonly jwks: string
  /** When that was, in seconds since 1970. */
  readonly at: number
}

/**
 * Tokens that a verifier has accepted, so that the same one is accepted again without its signature.
 *
 * Only what every further call would find again is remembered: the whole token, signature included, the verifier's
 * settings and the requirements of the call are all in the digest that it is found by. It is not found with other keys, at
 * or after its expiry (without the tolerance), or by a clock that went back; then all is judged anew. Nothing is remembered
 * of a token that was refused. The token itself is not kept.
 */
export class SeenTokens {
  readonly #max: number
  readonly #core: Core<VerifyGlue>
  /** The digest of the verifier's settings. */
  readonly #settings: Uint8Array
  readonly #seen = new Map<string, Seen>()

  private constructor(max: number, settings: string, core: Core<VerifyGlue>) {
    this.#max = max
    this.#core = core
    this.#settings = new TextEncoder().encode(core.call((glue) => glue.digest(settings)))
  }

  /** Throws `misuse_options`. */
  static of(max: number | undefined, settings: string, core: Core<VerifyGlue>): SeenTokens | undefined {
    if (max === undefined || max === 0) return undefined
    if (Number.isInteger(max) && max > 0 && max <= MAX_SEEN_TOKENS) return new SeenTokens(max, settings, core)
    throw driverError('misuse_options')
  }

  /** By what a token is found; `undefined` for one that is not kept. */
  name(token: string, required: string | undefined): string | undefined {
    if (token.length > MAX_SEEN_CHARACTERS) return undefined
    return this.#core.call((glue) => glue.digest(this.#settings, required, token))
  }

  find(name: string | undefined, jwks: string, now: number): SomeToken | undefined {
    const seen = name === undefined ? undefined : this.#seen.get(name)
    if (name === undefined || seen === undefined) return undefined
    this.#seen.delete(name)
    if (seen.jwks !== jwks || !(seen.at <= now && now < seen.token.expiresAt)) return undefined
    // The one that was asked for last is forgotten last.
    this.#seen.set(name, seen)
    return seen.token
  }

  /** Remembers a token, which nobody can change: all who bring it are given the same object. */
  keep(name: string | undefined, jwks: string, now: number, token: SomeToken): SomeToken {
    if (name === undefined) return token
    this.#seen.delete(name)
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size < this.#max) break
      this.#seen.delete(oldest)
    }
    this.#seen.set(name, { token, jwks, at: now })
    return token
  }
}
