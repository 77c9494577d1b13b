import { PortvaktError, driverError } from '../errors.js'
import { type Fetch, exchange } from '../transport.js'
import type { ExportedKeys } from './types.js'

/**
 * How long keys are used without asking again, in seconds: an hour.
 *
 * An issuer that withdraws a key is heard after that time at the latest. New keys are found sooner, by their `kid`.
 */
const FRESH_SECONDS = 60 * 60

/**
 * How long keys are used while the issuer cannot be reached, in seconds: a day, which is how long Digdir recommends
 * to keep them.
 */
const STALE_SECONDS = 24 * 60 * 60

/**
 * How long after an attempt nothing is fetched again, in seconds, whatever tokens come.
 *
 * Anybody can make up a `kid`. The services publish a key long before they sign with it.
 */
const PENALTY_SECONDS = 60

/** How long to wait for an attempt of another caller, in milliseconds: two requests, each with its own limit. */
const JOINED_MILLISECONDS = 21_000

/** The most bytes of metadata; the module has the same limit. */
const MAX_METADATA_BYTES = 64 * 1024

/** The most bytes of keys; the module has the same limit. */
const MAX_JWKS_BYTES = 256 * 1024

/** How the store asks the module. */
export interface KeyReader {
  jwksUri(metadata: string): string
  checkJwks(jwks: string): void
}

/** The keys of one issuer: fetched when they are needed, replaced and never merged. */
export class KeyStore {
  readonly #issuer: string
  readonly #metadataUrl: string
  readonly #fetch: Fetch
  readonly #clock: () => number
  readonly #reader: KeyReader
  #jwksUri: string | undefined
  #keys: { jwks: string; fetchedAt: number } | undefined
  #attemptedAt = -Infinity
  #failure: unknown
  #running: Promise<string> | undefined

  constructor(source: {
    issuer: string
    metadataUrl: string
    jwksUri: string | undefined
    fetch: Fetch
    clock: () => number
    reader: KeyReader
  }) {
    this.#issuer = source.issuer
    this.#metadataUrl = source.metadataUrl
    this.#jwksUri = source.jwksUri
    this.#fetch = source.fetch
    this.#clock = source.clock
    this.#reader = source.reader
  }

  /** The keys, from the issuer if there are none or they are no longer fresh. */
  async current(): Promise<string> {
    const keys = this.#usable(FRESH_SECONDS)
    if (keys !== undefined) return keys
    try {
      return await this.#fetched()
    } catch (error) {
      const stale = this.#usable(STALE_SECONDS)
      if (stale !== undefined && isOutage(error)) return stale
      throw error
    }
  }

  /** The keys, asked for again because a token names one that is not among them; `undefined` if it is too soon. */
  async replaced(): Promise<string | undefined> {
    if (this.#running === undefined && this.#isPenalised()) return undefined
    try {
      return await this.#fetched()
    } catch (error) {
      if (isOutage(error)) return undefined
      throw error
    }
  }

  /** The keys without any IO. */
  known(): string | undefined {
    return this.#usable(STALE_SECONDS)
  }

  /** The keys, to keep. */
  async exported(): Promise<ExportedKeys> {
    const jwks = await this.current()
    return { issuer: this.#issuer, jwks, fetchedAt: this.#keys?.fetchedAt ?? this.#clock() }
  }

  /** Takes kept keys in, if they are of this issuer, readable, not too old, not from the future, and newer. */
  import(keys: ExportedKeys): boolean {
    const age = this.#clock() - keys.fetchedAt
    const isUsable =
      keys.issuer === this.#issuer &&
      age >= 0 &&
      age < STALE_SECONDS &&
      keys.fetchedAt > (this.#keys?.fetchedAt ?? -Infinity)
    if (!isUsable) return false
    try {
      this.#reader.checkJwks(keys.jwks)
    } catch {
      return false
    }
    this.#keys = { jwks: keys.jwks, fetchedAt: keys.fetchedAt }
    return true
  }

  #usable(seconds: number): string | undefined {
    const keys = this.#keys
    if (keys === undefined) return undefined
    const age = this.#clock() - keys.fetchedAt
    // A clock that went back makes keys look as if they were from the future: they are asked for again.
    return age >= 0 && age < seconds ? keys.jwks : undefined
  }

  #isPenalised(): boolean {
    const since = this.#clock() - this.#attemptedAt
    return since >= 0 && since < PENALTY_SECONDS
  }

  /** One attempt, which all callers share; none so soon after another. */
  #fetched(): Promise<string> {
    if (this.#running !== undefined) return this.#joined(this.#running)
    if (this.#isPenalised()) return Promise.reject(this.#failure ?? driverError('transport_unreachable'))
    this.#attemptedAt = this.#clock()
    const running = this.#attempt().finally(() => this.#ended(running))
    this.#running = running
    return running
  }

  /**
   * Waits for an attempt that another caller has begun, but not for ever: on some runtimes it ends with the request
   * that began it, without a word to those that wait.
   */
  #joined(running: Promise<string>): Promise<string> {
    let timer: ReturnType<typeof setTimeout>
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#ended(running)
        reject(driverError('transport_timed_out'))
      }, JOINED_MILLISECONDS)
    })
    return Promise.race([running, limit]).finally(() => clearTimeout(timer))
  }

  #ended(running: Promise<string>): void {
    if (this.#running === running) this.#running = undefined
  }

  async #attempt(): Promise<string> {
    this.#failure = undefined
    try {
      this.#jwksUri ??= this.#reader.jwksUri(await this.#get(this.#metadataUrl, MAX_METADATA_BYTES))
      const jwks = await this.#get(this.#jwksUri, MAX_JWKS_BYTES)
      this.#reader.checkJwks(jwks)
      this.#keys = { jwks, fetchedAt: this.#clock() }
      return jwks
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  async #get(url: string, maxBytes: number): Promise<string> {
    const init = { headers: { accept: 'application/json' } }
    const answer = await exchange(this.#fetch, url, init, maxBytes)
    if (answer.status !== 200) throw driverError('misbehaved_jwks_status')
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.body)
  }
}

/** Judges with the keys of the store, and once more with new ones if a key is asked for that is not among them. */
export async function judgedWith<T>(keys: KeyStore, judge: (jwks: string) => T | Promise<T>): Promise<T> {
  const jwks = await keys.current()
  try {
    return await judge(jwks)
  } catch (error) {
    if (!(error instanceof PortvaktError) || error.code !== 'token_key_unknown') throw error
    const replaced = await keys.replaced()
    if (replaced === undefined) throw error
    return judge(replaced)
  }
}

/** The issuer is down, or answers with something else than keys: what was known of it stays true for a while. */
function isOutage(error: unknown): boolean {
  return error instanceof PortvaktError && (error.fault === 'transport' || error.fault === 'misbehaved' || error.fault === 'token')
}
