import type {
  Algorithm,
  AnsattportenAcr,
  AssuranceLevel,
  IdportenAcr,
  JsonWebKeySet,
  RawClaims,
} from '../claims.js'
import type { PortvaktError } from '../errors.js'
import type { Preset } from '../presets.js'
import type { Fetch } from '../transport.js'

/** The services that people sign in with. */
export type LoginService = 'idporten' | 'ansattporten'

/** What `createAuth` takes. */
export interface AuthOptions<S extends LoginService> {
  /** Which service, and where: `ansattporten.test`. */
  issuer: Preset<S>
  /** The client_id that the service assigned. */
  clientId: string
  /** Where people come back to, as it is registered; a path is one of this origin. */
  redirectUri: string
  /** Where people come back to after logging out, as it is registered. Default: they stay at the service. */
  postLogoutRedirectUri?: string
  /** What to ask for; must include `openid`. Default: `openid`, `profile`. */
  scopes?: readonly string[]
  /** The origins that `fetch` sends the access token to. Default: none. */
  apiOrigins?: readonly string[]
  /** The signature algorithms that an id_token may have. Default: RS256. */
  algorithms?: readonly Algorithm[]
  /** How far the clocks of service and device may be apart, in seconds, from 0 to 300. Default: 60. */
  clockToleranceSeconds?: number
  /** The service's keys, where they are known. Default: they are fetched for every login. */
  jwks?: JsonWebKeySet
  /** Where to fetch the service's keys, where its own address cannot be read from a page (CORS). */
  jwksUri?: string
  /** How long nobody may do anything, in seconds, from 60 to 1800. Default: 1800, the most that the services allow. */
  idleSeconds?: number
  /** How long a session may last from the sign-in, in seconds, from 60 to 7200. Default: 7200, as long as the services'. */
  sessionSeconds?: number
  /** How long before the end of the session `warning` is said, in seconds. Default: 120. */
  warningSeconds?: number
  /**
   * Where the session is kept. `sealed`: in IndexedDB, so that a reload and new tabs have it, encrypted with a key that
   * is gone with the last tab. `memory`: in the page; each tab signs in for itself, and so does a reload. Default:
   * `sealed`.
   */
  storage?: 'sealed' | 'memory'
  /**
   * Whether tokens are bound to a key of this browser, where the service offers it (DPoP, RFC 9449). False for an API
   * that knows Bearer tokens only, as Dialogporten does. Default: true.
   */
  dpop?: boolean
  /**
   * The application's logout endpoint, which `portvakt/edge` makes: a path of this origin. The tabs ask it whether the
   * session was logged out from elsewhere. Default: none, and then they learn of it at a renewal.
   */
  logoutEvents?: string
  /** What sends the requests. Default: the browser's own `fetch`. */
  fetch?: Fetch
  /** Gives the time in seconds since 1970. Default: the device's clock. */
  clock?: () => number
}

interface OrganisationFlags {
  /** Whether the person must choose an organisation; otherwise they may come back as themselves. Default: true. */
  representationIsRequired?: boolean
  /** Whether several organisations may be chosen at once. Default: false. */
  allowMultipleOrganizations?: boolean
  /** Only main units (`enterprise`) or only sub-units (`business`). Default: both. */
  organizationform?: 'enterprise' | 'business'
}

interface AltinnFlags extends OrganisationFlags {
  /** Whether organisations that are deleted from the register may be chosen. Default: false. */
  allowDeletedOrganizations?: boolean
}

/** On whose behalf the person is to act, at Ansattporten. */
export type AnsattportenOnBehalfOf =
  | (AltinnFlags & {
      type?: 'ansattporten:altinn:resource'
      /** The resource that the person must hold for the organisation, as a URN. */
      resource: string
      /** The actions on it, any of which will do; the answer tells which the person has. Default: none. */
      actions?: readonly string[]
    })
  | (AltinnFlags & {
      type?: 'ansattporten:altinn:resource'
      /** Several resources, any of which will do. */
      resources: readonly { resource: string; actions?: readonly string[] }[]
    })
  | (AltinnFlags & { type: 'ansattporten:altinn:service'; resources: readonly { resource: string }[] })
  | (OrganisationFlags & {
      /** The organisation of a work account; needs `acrValues: ['entraid']`. */
      type: 'ansattporten:orgno'
    })

/** On whose behalf the person is to act, at ID-porten: another citizen. In pilot. */
export interface IdportenOnBehalfOf {
  type: 'idporten:fullmakt'
  /** The permission roles, any of which will do. */
  permissionRoles: readonly string[]
}

interface Services {
  idporten: {
    acr: IdportenAcr
    onBehalfOf: IdportenOnBehalfOf
    claims: IdportenClaims
    representation: { readonly kind: 'citizen'; readonly mandates: readonly Mandate[] } | { readonly kind: 'self' }
  }
  ansattporten: {
    acr: AnsattportenAcr
    onBehalfOf: AnsattportenOnBehalfOf
    claims: AnsattportenClaims
    representation:
      | { readonly kind: 'organisations'; readonly organisations: readonly Organisation[] }
      | { readonly kind: 'self' }
  }
}

/** One login: what to ask the service for. */
export interface LoginOptions<S extends LoginService> {
  /**
   * The sign-ins to ask for; each stands for itself and for higher levels of its kind. Default: what the session there
   * is was asked for with; without one, the service chooses.
   */
  acrValues?: readonly Services[S]['acr'][]
  /**
   * On whose behalf the person is to act; null for nobody's, and then no choice is shown. Default: what the session
   * there is was asked for with; without one, null.
   */
  onBehalfOf?: Services[S]['onBehalfOf'] | null
  /** What the service is to ask the person. Default: what it finds necessary. */
  prompt?: readonly ('none' | 'login' | 'consent' | 'select_account' | 'create')[]
  /** How long ago the person may have authenticated, in seconds. Default: no limit. */
  maxAgeSeconds?: number
  /** The languages of the service's pages (`nb`, `nn`, `en`, `se`), the preferred one first. Default: the service's. */
  uiLocales?: readonly string[]
  /** For headless sign-in in test environments. Default: none. */
  loginHint?: string
  /** The APIs that the access token is for, as absolute URIs. Default: none, and then the token has no `aud`. */
  resource?: readonly string[]
  /**
   * Where in the application the person continues: a path of this origin. Default: where they are, if somebody is
   * signed in; otherwise the page of `redirectUri`.
   */
  returnTo?: string
}

interface PersonClaims<Acr> {
  /** Who the person is to this client; another client sees another value. */
  readonly sub: string
  /** The person's number. Absent for e-mail addresses, work accounts and unmatched European eIDs. */
  readonly pid?: string
  /** How the person signed in. */
  readonly acr: Acr
  /** How sure that is; absent for sign-ins that say nothing about it. */
  readonly level?: AssuranceLevel
  /** The means that were used, such as `BankID`. For information only. */
  readonly amr: readonly string[]
  /** When the person authenticated, in seconds since 1970; long ago if it was single sign-on. */
  readonly authTime?: number
  /** The session at the service. */
  readonly sid?: string
  /** The language that the person chose. */
  readonly locale?: string
  readonly name?: string
  readonly givenName?: string
  readonly familyName?: string
  readonly email?: string
  /** All claims of the id_token, as they were signed. */
  readonly raw: RawClaims
}

/** Who signed in with ID-porten. */
export interface IdportenClaims extends PersonClaims<IdportenAcr> {}

/** Who signed in with Ansattporten. */
export interface AnsattportenClaims extends PersonClaims<AnsattportenAcr> {
  /** The groups of a work account, as GUIDs; the first twenty only. */
  readonly groups: readonly string[]
}

/** An organisation that the person acts for. */
export interface Organisation {
  /** Its number. */
  readonly number: string
  readonly name?: string
  /** Its code in Enhetsregisteret, such as `AS` or `BEDR`. */
  readonly unitType?: string
  /** What the person has there, resource by resource. */
  readonly grants: readonly Grant[]
}

/** What the person has in an organisation for one resource. */
export interface Grant {
  /** The resource as a URN; absent for `ansattporten:orgno`. */
  readonly resource?: string
  readonly resourceName?: string
  /** The actions that were asked for and that the person has; absent if the service does not tell. */
  readonly actions?: readonly string[]
  readonly rights: readonly string[]
}

/** A mandate that another citizen gave. */
export interface Mandate {
  readonly authorizerName?: string
  readonly authorizerPid: string
  readonly permissions: readonly { readonly owner?: string; readonly role: string }[]
}

/** A verification step that was taken, and passed. */
export interface Check {
  readonly code: string
  readonly sentence: string
  readonly source: string
}

/** It is not known yet, or the page is being left. Nothing of a session is to be shown. */
export interface Loading {
  readonly status: 'loading'
}

/** Nobody is signed in. */
export interface SignedOut {
  readonly status: 'signedOut'
  /** Why not, unless nobody has tried or the person signed out: a sign-in that did not succeed, a session that ended. */
  readonly error?: PortvaktError
}

/** Somebody is signed in. */
export interface SignedIn<S extends LoginService> {
  readonly status: 'signedIn'
  /** Who it is, and how they signed in. */
  readonly claims: Services[S]['claims']
  /** On whose behalf they act; absent if that was not asked. It was compared with what was asked. */
  readonly representation?: Services[S]['representation']
  /** When the access token expires, in seconds since 1970, if the service told. */
  readonly expiresAt?: number
  /** What the access token may be used for. */
  readonly scope: readonly string[]
  /** The verification steps that were taken, in their order. */
  readonly checks: readonly Check[]
  /** Whether the tokens can be renewed without the person. */
  readonly isRenewable: boolean
  /** When the session ends if nobody does anything, in seconds since 1970. */
  readonly endsAt: number
  /** Whether that is near: `warningSeconds` before it. What the person does moves it, unless the session has been long. */
  readonly warning: boolean
  /** Whether a reload finds the session again; `memory` also where the browser keeps no keys. */
  readonly persistence: 'sealed' | 'memory'
  /** Why a sign-in on top of the session did not succeed: the session is as it was. */
  readonly error?: PortvaktError
}

/** Whether somebody is signed in; who it is can be read only after asking. */
export type AuthState<S extends LoginService> = Loading | SignedOut | SignedIn<S>

/** A sign-in of this page. */
export interface Auth<S extends LoginService> {
  /** The current state; the same object until it changes. */
  readonly state: AuthState<S>
  /** Calls the listener after every change, until the function that it returns is called. */
  subscribe(listener: () => void): () => void
  /**
   * Sends the browser to the service. Rejects if it cannot; otherwise the page ends.
   *
   * On top of a session it asks for the same again, except for what the options say, and comes back to this page; the
   * session stays until the new one is verified, and is then replaced in all tabs. The service shows what it has to
   * show and no more: `login()` at a moment of the application's choice renews a session that has no refresh token.
   */
  login(options?: LoginOptions<S>): Promise<never>
  /** Lets the person choose another organisation: `login` on top of a session. Rejects with `misuse_signed_out`. */
  switchOrganisation(options?: LoginOptions<S>): Promise<never>
  /**
   * Gets what an API demands in its answer (RFC 9470; Dialogporten's 403): a higher level, or a fresher sign-in.
   *
   * Resolves to false if the answer demands nothing of the kind; otherwise as `login`.
   */
  stepUp(response: Response): Promise<false>
  /**
   * Signs out here, then at the service. `returnTo` is a path of this origin to continue at.
   *
   * Resolves if the service could not be reached or has no logout: here the person is signed out in any case.
   */
  logout(options?: { returnTo?: string }): Promise<void>
  /**
   * The access token, renewed if it is about to expire.
   *
   * Rejects with `misuse_signed_out`; with `session_not_renewable` when it cannot be renewed and a new sign-in is needed;
   * with the reason when the session is over.
   */
  getAccessToken(): Promise<string>
  /** Renews the tokens now. Rejects with `session_not_renewable` if the service gave nothing to renew them with. */
  renew(): Promise<void>
  /**
   * `fetch` with the access token, to the origins of `apiOrigins` only, and without following redirects.
   *
   * Rejects with `session_changed` when the session has become another one by the time of the answer: what was asked for
   * one organisation is not to be shown as another's.
   */
  fetch(input: string | URL, init?: RequestInit): Promise<Response>
}

/**
 * Signs people in with one service. Completes the login if the page was opened by the service.
 *
 * Called again with the same client it gives the same object, so that it can be called from anywhere.
 */
export interface CreateAuth {
  <S extends LoginService>(options: AuthOptions<S>): Promise<Auth<S>>
}
