import type {
  Algorithm,
  AnsattportenAcr,
  AssuranceLevel,
  IdportenAcr,
  JsonWebKeySet,
  RawClaims,
} from '../claims.js'
import type { Preset, Service } from '../presets.js'
import type { Fetch } from '../transport.js'

/** What every verifier takes. */
export interface KeyOptions {
  /** The issuer's keys. Nothing is fetched then. Default: they are fetched. */
  jwks?: JsonWebKeySet
  /** Where the issuer's keys are. Default: its metadata tell. */
  jwksUri?: string
  /** What sends the requests. Default: the runtime's own `fetch`. */
  fetch?: Fetch
  /** Gives the time in seconds since 1970. Default: the runtime's clock. */
  clock?: () => number
  /** How far the clocks of issuer and API may be apart, in seconds, from 0 to 300. Default: 10. */
  clockToleranceSeconds?: number
  /**
   * How many accepted tokens are remembered, from 0 to 100 000, so that the same one is accepted again without its
   * signature being checked again. Default: 0, none.
   *
   * Time is judged at each call all the same. A token is forgotten when it expires, and when the issuer's keys change.
   * What is given for it is frozen, and the same object each time.
   */
  seenTokens?: number
  /**
   * Tells whether an accepted token has been revoked; it is then refused with `token_revoked`. Asked at each call, about
   * remembered tokens too. Default: none is. `verifySync` does not wait for an answer, and takes a promise for a yes.
   */
  isRevoked?: (token: SomeToken) => boolean | Promise<boolean>
}

/** What is known of any token that was accepted. */
export interface SomeToken {
  /** When it expires, in seconds since 1970. */
  readonly expiresAt: number
  /** All claims, as they were signed. */
  readonly claims: RawClaims
}

/** What a verifier of access tokens takes, whoever issued them. */
export interface AccessTokenOptions<P> extends KeyOptions {
  /** Whose tokens they are: a preset, or the issuer of tokens by RFC 9068, compared as an exact text. */
  issuer: P
  /**
   * The name of this API among the audiences of the token.
   *
   * `null` where tokens have none, as Digdir's: then `clientIds`, or a scope of the API's own in `requiredScope`,
   * must bind them to it. Tokens that name an audience are refused then.
   */
  audience: string | null
  /** The clients that may call this API. Default: any. */
  clientIds?: readonly string[]
  /** The scopes that the token must have, all of them. Default: none. */
  requiredScope?: readonly string[]
  /** The signature algorithms that are accepted. Default: RS256. */
  algorithms?: readonly Algorithm[]
}

interface ConsumerOption {
  /** The organisations, by number, whose clients may call this API. Default: any. */
  consumers?: readonly string[]
}

interface SystemUserOption {
  /** Whether the token must be that of a system user, and which; both must hold of the same one. Default: any token. */
  systemUser?: { organisation?: string; systemId?: string }
  /** Whether a supplier may hold the token on the consumer's behalf. Default: `'accepted'`. */
  delegation?: 'accepted' | 'refused' | { suppliers: readonly string[] }
}

/** For which organisation and in what the person must act; all of it must hold of the same element. */
export type RepresentationPolicy =
  | {
      type: 'ansattporten:altinn:resource'
      /** The resource as a URN: `urn:altinn:resource:{id}`. */
      resource: string
      /** The actions that the person must have, all of them. Default: none. */
      actions?: readonly string[]
      /** The number of the organisation. Default: any, and `organisations` of the result tells which. */
      organisation?: string
    }
  | { type: 'ansattporten:altinn:service'; resource: string; organisation?: string }
  | { type: 'ansattporten:orgno'; organisation?: string }

interface ServiceOptions {
  idporten: ConsumerOption & {
    /** The sign-ins that are accepted, each with higher levels of its kind. Default: any. */
    acrValues?: readonly IdportenAcr[]
  }
  ansattporten: ConsumerOption & {
    /** The sign-ins that are accepted, each with higher levels of its kind. Default: any. */
    acrValues?: readonly AnsattportenAcr[]
    /** Whether the person must act for an organisation. Default: they need not. */
    representation?: RepresentationPolicy
  }
  maskinporten: ConsumerOption & SystemUserOption
  altinn: ConsumerOption & SystemUserOption & { acrValues?: readonly IdportenAcr[] }
}

/** The services that issue access tokens. */
export type AccessTokenService = keyof ServiceOptions

/** A verifier of dialog tokens takes no audience: they are bound to the dialog. */
export interface DialogTokenOptions extends KeyOptions {
  /** Whose tokens they are. */
  issuer: Preset<'dialogporten'>
  /** The lowest level of authentication that is accepted: 0, 3 or 4. Default: 3. */
  minimumLevel?: 0 | 3 | 4
  /** The service resource that the dialog must belong to, as a URN. Default: any. */
  serviceResource?: string
}

/** What `createVerifier` takes, by whose tokens they are. */
export type VerifierOptions<P extends Preset | string> = P extends Preset<'dialogporten'>
  ? DialogTokenOptions
  : P extends Preset<infer S extends AccessTokenService>
    ? AccessTokenOptions<P> & ServiceOptions[S]
    : AccessTokenOptions<P>

/** What one request needs over what the verifier was made with. */
export type Requirements<P extends Preset | string> = P extends Preset<'dialogporten'>
  ? DialogRequirements
  : P extends Preset<'ansattporten'>
    ? {
        /** The organisation that the request is about. The verifier must have been made with `representation`. */
        organisation?: string
      }
    : Record<string, never>

/** What a request about a dialog needs. */
export interface DialogRequirements {
  /** The dialog, from the API's own URL or records, and never from the token. */
  dialogId: string
  /** The actions that are required, all of them. Default: none. */
  actions?: readonly string[]
  /** The part of the dialog that is required: its id or `tokenRef`. Default: none. */
  entity?: string
  /** The party, as a URN, that the dialog must belong to. Default: any. */
  party?: string
}

/** A verified access token. */
export interface AccessToken {
  /** Whom the token is about. */
  readonly sub?: string
  /** The client that it was issued to. */
  readonly clientId?: string
  /** What it may be used for. */
  readonly scope: readonly string[]
  /** When it expires, in seconds since 1970. */
  readonly expiresAt: number
  /** All claims, as they were signed. */
  readonly claims: RawClaims
}

interface PersonToken<Acr> extends AccessToken {
  readonly sub: string
  readonly clientId: string
  /** How the person signed in. */
  readonly acr?: Acr
  /** How sure that is; absent for sign-ins that say nothing about it. */
  readonly level?: AssuranceLevel
  /** The person's number. */
  readonly pid?: string
  /** The number of the organisation that owns the client; not the one that the person acts for. */
  readonly consumer?: string
}

/** A verified access token of ID-porten. */
export interface IdportenToken extends PersonToken<IdportenAcr> {}

/** A verified access token of Ansattporten. */
export interface AnsattportenToken extends PersonToken<AnsattportenAcr> {
  /** The organisations for which all of the policy `representation` holds; none without such a policy. */
  readonly organisations: readonly AuthorizedOrganisation[]
}

/** An organisation that the person acts for. */
export interface AuthorizedOrganisation {
  readonly number: string
  readonly name?: string
  /** The code in Enhetsregisteret, such as `AS` or `BEDR`. */
  readonly unitType?: string
  /** The actions that the person has; absent if the token does not tell. */
  readonly actions?: readonly string[]
  readonly rights: readonly string[]
}

interface MachineToken extends AccessToken {
  /** Who holds the token on the consumer's behalf. */
  readonly supplier?: { readonly organisation: string; readonly delegationSource: string }
  /** The machine that an organisation has given rights of its own. */
  readonly systemUser?: {
    readonly ids: readonly string[]
    readonly organisation: string
    readonly systemId: string
  }
}

/** A verified access token of Maskinporten. */
export interface MaskinportenToken extends MachineToken {
  readonly clientId: string
  /** The number of the organisation that the token was issued to. */
  readonly consumer: string
}

/** A verified token of Altinn, exchanged for one of ID-porten or Maskinporten. */
export interface AltinnToken extends MachineToken {
  readonly acr?: IdportenAcr
  readonly level?: AssuranceLevel
  readonly pid?: string
  readonly consumer?: string
}

/** A verified token by RFC 9068. */
export interface Rfc9068Token extends AccessToken {
  readonly sub: string
  readonly clientId: string
}

/** A verified dialog token of Dialogporten. */
export interface DialogToken {
  /** Whose dialog it is, as a URN. */
  readonly party: string
  /** Who is looking at it, as a URN. */
  readonly authenticatedParty: string
  readonly serviceResource: string
  /** The level of authentication: 0, 3 or 4. */
  readonly level: number
  readonly actions: readonly string[]
  readonly entities: readonly string[]
  /** When it expires, in seconds since 1970. */
  readonly expiresAt: number
  /** All claims, as they were signed. */
  readonly claims: RawClaims
}

interface Tokens {
  idporten: IdportenToken
  ansattporten: AnsattportenToken
  maskinporten: MaskinportenToken
  altinn: AltinnToken
  dialogporten: DialogToken
}

/** What a verification gives, by whose token it is. */
export type VerifiedToken<P extends Preset | string> = P extends Preset<infer S extends Service>
  ? Tokens[S]
  : Rfc9068Token

/** A request as every runtime has it; only its headers are looked at. */
export interface RequestLike {
  readonly headers: { get(name: string): string | null }
}

/** Keys to keep between runs: in KV, in a file, in a build. */
export interface ExportedKeys {
  readonly issuer: string
  readonly jwks: string
  /** When they were fetched, in seconds since 1970. */
  readonly fetchedAt: number
}

type Rest<P extends Preset | string> = P extends Preset<'dialogporten'>
  ? [requirements: DialogRequirements]
  : [requirements?: Requirements<P>]

/** Checks the tokens of one issuer. */
export interface Verifier<P extends Preset | string> {
  /** Checks a token. Fetches the issuer's keys if they are not known, or may have been replaced. */
  verify(token: string, ...rest: Rest<P>): Promise<VerifiedToken<P>>
  /** Checks the bearer token of a request (RFC 6750 §2.1). */
  verifyRequest(request: RequestLike, ...rest: Rest<P>): Promise<VerifiedToken<P>>
  /** Checks a token with the keys given, or with those that the verifier has; no IO at all. */
  verifySync(token: string, jwks?: JsonWebKeySet, ...rest: Rest<P>): VerifiedToken<P>
  /** Compiles the module and fetches the keys, so that the first token does not wait. */
  hydrate(): Promise<void>
  /** The keys, to keep. Fetches them if they are not known. */
  exportKeys(): Promise<ExportedKeys>
  /** Takes kept keys in, if they are newer than those that the verifier has and not too old. Tells whether it did. */
  importKeys(keys: ExportedKeys): boolean
}

/** Makes a verifier. Throws `misuse_*` if it would protect nothing. */
export interface CreateVerifier {
  <const P extends Preset | string>(options: VerifierOptions<P> & { issuer: P }): Verifier<P>
}
