import type { AnsattportenOnBehalfOf, IdportenOnBehalfOf, LoginService, SignedIn } from '../auth/types.js'
import type { Algorithm, AnsattportenAcr, AssuranceLevel, IdportenAcr, JsonWebKeySet, RawClaims } from '../claims.js'
import type { Core } from '../core.js'
import { driverError } from '../errors.js'
import { refuseUnknown, written } from '../options.js'
import type { Preset } from '../presets.js'
import type { VerifyGlue } from './glue.js'

/** What an id_token must say. */
export interface IdTokenOptions {
  /** Who must have issued it. */
  issuer: Preset<'idporten'> | Preset<'ansattporten'> | string
  /** For whom it must be. */
  clientId: string
  /** The `nonce` that was sent. `null` if it is not known; then it is not known either whose sign-in it answers. */
  nonce: string | null
  /** The issuer's keys. */
  jwks: JsonWebKeySet
  /** The sign-ins that are accepted; at a preset each with higher levels of its kind. Default: any. */
  acrValues?: readonly (IdportenAcr | AnsattportenAcr | (string & {}))[]
  /** What the client asked for about representation; presets only. Default: nothing, and nothing may have been granted. */
  onBehalfOf?: AnsattportenOnBehalfOf | IdportenOnBehalfOf
  /** How long ago the person may have authenticated, in seconds. Default: no limit. */
  maxAgeSeconds?: number
  /** The signature algorithms that are accepted. Default: RS256. */
  algorithms?: readonly Algorithm[]
  /** How far the clocks may be apart, in seconds, from 0 to 300. Default: 60. */
  clockToleranceSeconds?: number
  /** Gives the time in seconds since 1970. Default: the runtime's clock. */
  clock?: () => number
}

/** A verified id_token. */
export interface VerifiedIdToken {
  /** Who the person is to this client. */
  readonly sub: string
  /** The person's number, with its check digits; presets only. */
  readonly pid?: string
  /** How the person signed in. */
  readonly acr?: string
  /** How sure that is; presets only, and absent for sign-ins that say nothing about it. */
  readonly level?: AssuranceLevel
  readonly amr: readonly string[]
  /** When the person authenticated, in seconds since 1970. */
  readonly authTime?: number
  /** The session at the provider. */
  readonly sid?: string
  /** Whom the person acts for, if that was asked. */
  readonly representation?: SignedIn<LoginService>['representation']
  readonly issuedAt: number
  readonly expiresAt: number
  /** The codes of the verification steps that were taken, in their order. */
  readonly checks: readonly string[]
  /** All claims, as they were signed. */
  readonly claims: RawClaims
}

/** Checks an id_token as a login does: by OIDC Core §3.1.3.7, and by what the service says. Throws `token_*`, `claims_*`, `representation_*`. */
export type VerifyIdToken = (token: string, options: IdTokenOptions) => VerifiedIdToken

/** Binds `verifyIdToken` to one way of loading the module. */
export function idTokenVerifierOf(core: Core<VerifyGlue>): VerifyIdToken {
  return (token, { issuer: named, jwks, clock, clientId, nonce, acrValues, maxAgeSeconds, algorithms, ...more }) => {
    const { clockToleranceSeconds, onBehalfOf, ...rest } = more
    refuseUnknown(rest)
    if (nonce === undefined) throw driverError('misuse_nonce_unsaid')
    const expected = { ...(typeof named === 'string' ? { issuer: named } : named), onBehalfOf, clientId, acrValues, maxAgeSeconds, algorithms, clockToleranceSeconds }
    const options = written({ ...expected, nonce: nonce ?? undefined })
    const now = clock ? clock() : Math.floor(Date.now() / 1000)
    return core.ask((glue) => glue.verify_id_token(token, JSON.stringify(jwks), options, now))
  }
}
