import type { JsonWebKeySet, RawClaims } from '../claims.js'
import { fromBase64url } from '../base64url.js'
import type { Core } from '../core.js'
import { PortvaktError, driverError } from '../errors.js'
import { refuseUnknown, written } from '../options.js'
import { type Preset, type Service, metadataUrl } from '../presets.js'
import type { Fetch } from '../transport.js'
import { bearerToken } from './bearer.js'
import { type SignatureAnswer, type SigningKey, answered } from '../webcrypto.js'
import type { VerifyGlue } from './glue.js'
import { IS_WORKERD, answeredAtOnce, isComputedHere } from './node.js'
import { SeenTokens } from './seen.js'
import { type KeyReader, KeyStore, judgedWith } from './keys.js'
import type { CreateVerifier, ExportedKeys, KeyOptions, RequestLike, SomeToken } from './types.js'

/** Binds `createVerifier` to one way of loading the module. */
export function verifierOf(core: Core<VerifyGlue>): CreateVerifier {
  const create = (options: AnyOptions) => new TokenVerifier(core, options)
  // The types of the options choose those of the result; here both are any.
  return create as unknown as CreateVerifier
}

interface AnyOptions {
  issuer: Preset | string
  audience?: string | null
  jwks?: JsonWebKeySet
  jwksUri?: string
  fetch?: Fetch
  clock?: () => number
  seenTokens?: number
  isRevoked?: KeyOptions['isRevoked']
  [policy: string]: unknown
}

const ACCESS_TOKEN_OPTIONS = [
  'clientIds',
  'requiredScope',
  'algorithms',
  'clockToleranceSeconds',
  'acrValues',
  'consumers',
  'delegation',
  'systemUser',
  'representation',
] as const
const DIALOG_TOKEN_OPTIONS = ['clockToleranceSeconds', 'minimumLevel', 'serviceResource'] as const

class TokenVerifier {
  readonly #core: Core<VerifyGlue>
  readonly #service: Service | undefined
  readonly #policy: Record<string, unknown>
  readonly #options: string
  readonly #clock: () => number
  #prepared: Prepared | undefined
  readonly #seen: SeenTokens | undefined
  readonly #isRevoked: KeyOptions['isRevoked']
  /** Keys that the caller brought, or the issuer's. */
  readonly #keys: string | KeyStore

  constructor(core: Core<VerifyGlue>, options: AnyOptions) {
    const { issuer: named, audience, jwks, jwksUri, fetch, clock, seenTokens, isRevoked, ...rest } = options
    const issuer = typeof named === 'string' ? named : named.issuer
    this.#core = core
    this.#service = typeof named === 'string' ? undefined : named.service
    this.#clock = clock ?? systemClock
    this.#isRevoked = isRevoked
    if (this.#service === 'dialogporten') {
      this.#policy = { service: this.#service, issuer, ...picked(rest, DIALOG_TOKEN_OPTIONS) }
      if (audience !== undefined && audience !== null) throw driverError('misuse_option_unknown')
    } else {
      if (audience === undefined) throw driverError('misuse_audience_unsaid')
      const service = this.#service
      this.#policy = { service, issuer, audience: audience ?? undefined, ...picked(rest, ACCESS_TOKEN_OPTIONS) }
    }
    this.#options = written(this.#policy)
    this.#seen = SeenTokens.of(seenTokens, this.#options, core)
    if (jwks !== undefined && jwksUri !== undefined) throw driverError('misuse_options')
    core.call((glue) => glue.check_policy(written({ ...this.#policy, jwksUri })))
    const reader: KeyReader = {
      jwksUri: (metadata) => core.call((glue) => glue.jwks_uri(metadata, issuer)),
      checkJwks: (text) => void core.call((glue) => glue.check_jwks(this.#service, text)),
    }
    if (jwks === undefined) {
      this.#keys = new KeyStore({
        issuer,
        metadataUrl: typeof named === 'string' ? metadataUrl(undefined, named) : metadataUrl(named.service, issuer),
        jwksUri,
        // Called as a function of the runtime, and found anew each time, so that it can be replaced.
        fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
        clock: this.#clock,
        reader,
      })
    } else {
      this.#keys = JSON.stringify(jwks)
      reader.checkJwks(this.#keys)
    }
  }

  async verify(token: string, requirements?: object): Promise<unknown> {
    const required = this.#required(requirements)
    const judge = (jwks: string) => this.#judged(token, jwks, required)
    const accepted = await (typeof this.#keys === 'string' ? judge(this.#keys) : judgedWith(this.#keys, judge))
    return this.#isRevoked === undefined ? accepted : unrevoked(accepted, await this.#isRevoked(accepted))
  }

  async verifyRequest(request: RequestLike, requirements?: object): Promise<unknown> {
    return this.verify(bearerToken(request), requirements)
  }

  verifySync(token: string, jwks?: JsonWebKeySet, requirements?: object): unknown {
    const keys = jwks ? JSON.stringify(jwks) : typeof this.#keys === 'string' ? this.#keys : this.#keys.known()
    if (keys === undefined) throw driverError('misuse_no_keys')
    const required = this.#required(requirements)
    const now = this.#clock()
    // Keys of one call are not the verifier's, and what they accept is not remembered.
    const name = jwks ? undefined : this.#seen?.name(token, required)
    let accepted = this.#seen?.find(name, keys, now)
    if (accepted === undefined) {
      accepted = this.#computed(token, keys, required, now, name !== undefined)
      this.#seen?.keep(name, keys, now, accepted)
    }
    return this.#isRevoked === undefined ? accepted : unrevoked(accepted, this.#isRevoked(accepted))
  }

  async hydrate(): Promise<void> {
    this.#core.prepare()
    if (typeof this.#keys !== 'string') await this.#keys.current()
  }

  async exportKeys(): Promise<ExportedKeys> {
    if (typeof this.#keys !== 'string') return this.#keys.exported()
    return { issuer: this.#policy['issuer'] as string, jwks: this.#keys, fetchedAt: this.#clock() }
  }

  importKeys(keys: ExportedKeys): boolean {
    return typeof this.#keys === 'string' ? false : this.#keys.import(keys)
  }

  #judged(token: string, jwks: string, required: string | undefined): SomeToken | Promise<SomeToken> {
    return this.#seen === undefined
      ? this.#checked(token, jwks, required, this.#clock(), false)
      : this.#remembered(this.#seen, token, jwks, required)
  }

  #remembered(seen: SeenTokens, token: string, jwks: string, required: string | undefined): SomeToken | Promise<SomeToken> {
    const name = seen.name(token, required)
    const now = this.#clock()
    const found = seen.find(name, jwks, now)
    if (found !== undefined) return found
    const accepted = this.#checked(token, jwks, required, now, name !== undefined)
    const keep = (accepted: SomeToken) => seen.keep(name, jwks, now, accepted)
    return accepted instanceof Promise ? accepted.then(keep) : keep(accepted)
  }

  /** Lets the runtime answer for the signature, or the module where it does not. */
  #checked(
    token: string,
    jwks: string,
    required: string | undefined,
    now: number,
    isShared: boolean,
  ): SomeToken | Promise<SomeToken> {
    const compute = () => this.#computed(token, jwks, required, now, isShared)
    if (isComputedHere(this.#policy['algorithms'])) return compute()
    readings = (readings + 1) % 2 ** 32
    const reading = readings
    const { key, signingInput, signature } = this.#question(reading, token, jwks, required, now)
    const judge = (answer: SignatureAnswer): SomeToken => {
      try {
        const text = this.#put(jwks, (glue, verifier) => glue.judge(verifier, reading, answer, required, now))
        return withClaims(text, token, isShared)
      } catch (error) {
        if (!(error instanceof PortvaktError) || error.code !== 'internal_flow_unknown') throw error
        // So many others were read since that this one made room, or the module began anew.
        return compute()
      }
    }
    const answer = answeredAtOnce(key, signingInput, signature)
    if (answer !== undefined) return judge(answer)
    // A failure to answer: this runtime does not have the algorithm, or no WebCrypto at all.
    const judged = answered(key, signingInput, signature).then(judge, compute)
    if (!IS_WORKERD) this.#readAhead(reading)
    return judged
  }

  /** Has the module read a token as far as its signature, and tell what is to be asked about that. */
  #question(reading: number, token: string, jwks: string, required: string | undefined, now: number): Question {
    const text = this.#put(jwks, (glue, verifier) => glue.question(verifier, reading, token, required, now))
    const [number, input, inputLength, place, length] = JSON.parse(text) as [number, number, number, number, number]
    const { verifier, keys } = this.#prepared as Prepared
    let key = keys.get(number)
    if (key === undefined) {
      key = this.#core.ask<SigningKey>((glue) => glue.signing_key(verifier, number))
      keys.set(number, key)
    }
    return { key, signingInput: this.#core.bytes(input, inputLength), signature: this.#core.bytes(place, length) }
  }

  /** Has the module use the time that others need for the signature. */
  #readAhead(reading: number): void {
    try {
      this.#core.call((glue) => glue.read_ahead(reading))
    } catch {
      // Whatever it is will be met again when the token is judged.
    }
  }

  /** Has the module do all of it. */
  #computed(token: string, jwks: string, required: string | undefined, now: number, isShared: boolean): SomeToken {
    return withClaims(
      this.#put(jwks, (glue, verifier) => glue.verify(verifier, token, required, now)),
      token,
      isShared,
    )
  }

  /** Asks the module's verifier, which is prepared where it is not: at first, with new keys, after a trap. */
  #put<T>(jwks: string, ask: (glue: VerifyGlue, verifier: number) => T): T {
    const { jwks: known, verifier } = this.#prepared ?? {}
    if (verifier !== undefined && known === jwks) {
      try {
        return this.#core.call((glue) => ask(glue, verifier))
      } catch (error) {
        if (!(error instanceof PortvaktError) || error.code !== 'internal_verifier_unknown') throw error
      }
    }
    verifiers += 1
    const number = verifiers
    this.#core.call((glue) => glue.prepare(number, this.#options, jwks))
    this.#prepared = { jwks, verifier: number, keys: new Map() }
    return this.#core.call((glue) => ask(glue, number))
  }

  /** What one call requires besides the policy, as the module reads it. */
  #required(requirements: object | undefined): string | undefined {
    if (this.#service === 'dialogporten') {
      return written(picked(requirements ?? {}, ['dialogId', 'actions', 'entity', 'party']))
    }
    if (requirements === undefined) return undefined
    const { organisation } = picked(requirements, ['organisation'])
    if (organisation === undefined) return undefined
    // An organisation by itself says nothing about what the person may do there.
    if (this.#policy['representation'] === undefined) throw driverError('misuse_option_unknown')
    return written({ organisation })
  }
}

/** How the module knows a verifier. */
interface Prepared {
  /** With which keys. */
  jwks: string
  /** By which number. */
  verifier: number
  /** The keys that signatures were to be checked with, by the numbers that the module gives them. */
  keys: Map<number, SigningKey>
}

/**
 * Has this key made this signature over this input?
 *
 * The bytes are the module's own, which stay as they are for as long as the token waits there. So even a WebCrypto that
 * made no copies would be asked about what was read, or, once the memory has grown, about nothing at all.
 */
interface Question {
  key: SigningKey
  signingInput: Uint8Array<ArrayBuffer>
  signature: Uint8Array<ArrayBuffer>
}

/**
 * What the module says of a token, and the claims, which are read when they are asked for.
 *
 * What is shared by all who bring the token nobody can change, and it is not what keeps the token: with a part of a text
 * its runtime may keep all of it, signature included.
 */
function withClaims(text: string, token: string, isShared: boolean): SomeToken {
  let claims: RawClaims | undefined
  let source: string | Uint8Array = isShared ? encoder.encode(payloadOf(token)) : token
  const get = () => {
    if (claims === undefined) {
      claims = claimsOf(typeof source === 'string' ? payloadOf(source) : decoder.decode(source))
      if (isShared) freeze(claims)
      // It is not kept longer than it is needed.
      source = ''
    }
    return claims
  }
  const said = JSON.parse(text) as SomeToken
  if (isShared) for (const member of Object.values(said)) freeze(member)
  Object.defineProperty(said, 'claims', { enumerable: true, get })
  return isShared ? Object.freeze(said) : said
}

function payloadOf(token: string): string {
  return token.slice(token.indexOf('.') + 1, token.lastIndexOf('.'))
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
}

/**
 * The claims of a token that the module has accepted.
 *
 * It has found them to be JSON in a reading so strict that every reader finds the same in it.
 */
function claimsOf(payload: string): RawClaims {
  return JSON.parse(decoder.decode(fromBase64url(payload))) as RawClaims
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Whatever is not a plain no is a yes, and so is an answer that nobody waits for. */
function unrevoked(token: SomeToken, isRevoked: unknown): SomeToken {
  if (isRevoked !== false) throw driverError('token_revoked')
  return token
}

/** Verifiers are named by numbers that are never used twice. */
let verifiers = 0

/** Tokens that wait for the answer about their signature: numbers of 32 bits, of which few are in use at a time. */
let readings = 0

/** The members of these names; anything else is a mistake. */
function picked<const N extends string>(options: object, names: readonly N[]): { [name in N]?: unknown } {
  const chosen: { [name in N]?: unknown } = {}
  const rest: Record<string, unknown> = { ...options }
  for (const name of names) {
    if (rest[name] !== undefined) chosen[name] = rest[name]
    delete rest[name]
  }
  refuseUnknown(rest)
  return chosen
}

function systemClock(): number {
  return Math.floor(Date.now() / 1000)
}
