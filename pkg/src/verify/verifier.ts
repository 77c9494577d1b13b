import type { JsonWebKeySet } from '../claims.js'
import type { Core } from '../core.js'
import { PortvaktError, driverError } from '../errors.js'
import { refuseUnknown, written } from '../options.js'
import { type Preset, type Service, metadataUrl } from '../presets.js'
import type { Fetch } from '../transport.js'
import { bearerToken } from './bearer.js'
import { type SignatureAnswer, type SignatureQuestion, answered } from '../webcrypto.js'
import type { VerifyGlue } from './glue.js'
import { answeredAtOnce, isComputedHere } from './node.js'
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
  /** The keys that the module has this verifier prepared with, and its number there. */
  #prepared: { jwks: string; verifier: number } | undefined
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
    this.#seen = SeenTokens.of(seenTokens, this.#options)
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
    const name = jwks ? undefined : this.#seen?.nameAtOnce(token, required)
    let accepted = this.#seen?.find(name, keys, now)
    if (accepted === undefined) {
      accepted = this.#asked<SomeToken>(keys, (glue, verifier) => glue.verify(verifier, token, required, now))
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

  async #judged(token: string, jwks: string, required: string | undefined): Promise<SomeToken> {
    const seen = this.#seen
    if (seen === undefined) return this.#checked(token, jwks, required, this.#clock())
    const name = await seen.name(token, required)
    const now = this.#clock()
    const found = seen.find(name, jwks, now)
    if (found !== undefined) return found
    const accepted = await this.#checked(token, jwks, required, now)
    seen.keep(name, jwks, now, accepted)
    return accepted
  }

  /** Lets the runtime answer for the signature, or the module where it does not. */
  async #checked(token: string, jwks: string, required: string | undefined, now: number): Promise<SomeToken> {
    const compute = () => this.#asked<SomeToken>(jwks, (glue, verifier) => glue.verify(verifier, token, required, now))
    if (isComputedHere(this.#policy['algorithms'])) return compute()
    readings += 1
    const reading = readings
    const asked = this.#asked<KeyQuestion>(jwks, (glue, verifier) =>
      glue.question(verifier, reading, token, required, now),
    )
    const end = token.lastIndexOf('.')
    const question = { ...asked, signingInput: token.slice(0, end), signature: token.slice(end + 1) }
    let answer: SignatureAnswer
    try {
      answer = answeredAtOnce(question) ?? (await answered(question))
    } catch {
      // This runtime does not have the algorithm, or no WebCrypto at all.
      return compute()
    }
    try {
      return this.#asked(jwks, (glue, verifier) => glue.judge(verifier, reading, answer, required, now))
    } catch (error) {
      if (!(error instanceof PortvaktError) || error.code !== 'internal_flow_unknown') throw error
      // So many others were read since that this one made room, or the module began anew.
      return compute()
    }
  }

  /** Asks the module's verifier, which is prepared where it is not: at first, with new keys, after a trap. */
  #asked<T>(jwks: string, ask: (glue: VerifyGlue, verifier: number) => string): T {
    const { jwks: known, verifier } = this.#prepared ?? {}
    if (verifier !== undefined && known === jwks) {
      try {
        return this.#core.ask((glue) => ask(glue, verifier))
      } catch (error) {
        if (!(error instanceof PortvaktError) || error.code !== 'internal_verifier_unknown') throw error
      }
    }
    verifiers += 1
    const number = verifiers
    this.#core.call((glue) => glue.prepare(number, this.#options, jwks))
    this.#prepared = { jwks, verifier: number }
    return this.#core.ask((glue) => ask(glue, number))
  }

  /** What one call requires besides the policy, as the module reads it. */
  #required(requirements: object | undefined): string | undefined {
    if (this.#service === 'dialogporten') {
      return written(picked(requirements ?? {}, ['dialogId', 'actions', 'entity', 'party']))
    }
    const { organisation } = picked(requirements ?? {}, ['organisation'])
    if (organisation === undefined) return undefined
    // An organisation by itself says nothing about what the person may do there.
    if (this.#policy['representation'] === undefined) throw driverError('misuse_option_unknown')
    return written({ organisation })
  }
}

/** What the module asks about a token that is at hand. */
type KeyQuestion = Pick<SignatureQuestion, 'algorithm' | 'key'>

/** Whatever is not a plain no is a yes, and so is an answer that nobody waits for. */
function unrevoked(token: SomeToken, isRevoked: unknown): SomeToken {
  if (isRevoked !== false) throw driverError('token_revoked')
  return token
}

/** Verifiers, and tokens that wait for the answer about their signature, are named by numbers that are never used twice. */
let verifiers = 0
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
