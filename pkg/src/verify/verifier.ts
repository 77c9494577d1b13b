import type { JsonWebKeySet } from '../claims.js'
import type { Core } from '../core.js'
import { driverError } from '../errors.js'
import { refuseUnknown, written } from '../options.js'
import { type Preset, type Service, metadataUrl } from '../presets.js'
import type { Fetch } from '../transport.js'
import { bearerToken } from './bearer.js'
import type { VerifyGlue } from './glue.js'
import { type KeyReader, KeyStore, judgedWith } from './keys.js'
import type { CreateVerifier, ExportedKeys, RequestLike } from './types.js'

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
  readonly #clock: () => number
  /** Keys that the caller brought, or the issuer's. */
  readonly #keys: string | KeyStore

  constructor(core: Core<VerifyGlue>, options: AnyOptions) {
    const { issuer: named, audience, jwks, jwksUri, fetch, clock, ...rest } = options
    const issuer = typeof named === 'string' ? named : named.issuer
    this.#core = core
    this.#service = typeof named === 'string' ? undefined : named.service
    this.#clock = clock ?? systemClock
    if (this.#service === 'dialogporten') {
      this.#policy = { issuer, ...picked(rest, DIALOG_TOKEN_OPTIONS) }
      if (audience !== undefined && audience !== null) throw driverError('misuse_option_unknown')
    } else {
      if (audience === undefined) throw driverError('misuse_audience_unsaid')
      const service = this.#service
      this.#policy = { service, issuer, audience: audience ?? undefined, ...picked(rest, ACCESS_TOKEN_OPTIONS) }
      core.call((glue) => glue.check_access_token_policy(written(this.#policy)))
    }
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
    if (typeof this.#keys === 'string') return this.#judge(token, this.#keys, requirements)
    return judgedWith(this.#keys, (jwks) => this.#judge(token, jwks, requirements))
  }

  async verifyRequest(request: RequestLike, requirements?: object): Promise<unknown> {
    return this.verify(bearerToken(request), requirements)
  }

  verifySync(token: string, jwks?: JsonWebKeySet, requirements?: object): unknown {
    const keys = jwks ? JSON.stringify(jwks) : typeof this.#keys === 'string' ? this.#keys : this.#keys.known()
    if (keys === undefined) throw driverError('misuse_no_keys')
    return this.#judge(token, keys, requirements)
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

  #judge(token: string, jwks: string, requirements: object | undefined): unknown {
    const now = this.#clock()
    if (this.#service === 'dialogporten') {
      const needed = picked(requirements ?? {}, ['dialogId', 'actions', 'entity', 'party'])
      const policy = { ...this.#policy, ...needed }
      return this.#core.ask((glue) => glue.verify_dialog_token(token, jwks, written(policy), now))
    }
    const policy = this.#policyFor(requirements)
    return this.#core.ask((glue) => glue.verify_access_token(token, jwks, written(policy), now))
  }

  #policyFor(requirements: object | undefined): object {
    const { organisation } = picked(requirements ?? {}, ['organisation'])
    if (organisation === undefined) return this.#policy
    const representation = this.#policy['representation'] as object | undefined
    // An organisation by itself says nothing about what the person may do there.
    if (representation === undefined) throw driverError('misuse_option_unknown')
    return { ...this.#policy, representation: { ...representation, organisation } }
  }
}

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
