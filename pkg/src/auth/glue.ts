import type { SigningKey } from '../webcrypto.js'

/** The exports of `portvakt_login_bg.wasm`. Options, steps and results are JSON. */
export interface LoginGlue {
  begin_login(
    flow: number,
    client: string,
    request: string,
    session: string | undefined,
    metadata: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): string
  is_callback(url: string): string
  callback_key(url: string): string
  complete_login(
    flow: number,
    client: string,
    url: string,
    stored: string | undefined,
    proofKey: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): string
  refresh(
    flow: number,
    client: string,
    session: string,
    proofKey: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): string
  read_session(client: string, session: string): string
  standing(limits: string, startedAt: number, activity: number, now: number): string
  resource_proof(
    client: string,
    session: string,
    method: string,
    url: string,
    nonce: string | undefined,
    proofKey: string,
    randomBytes: Uint8Array,
    now: number,
  ): string
  step_up(client: string, status: number, challenge: string, body: Uint8Array): string | undefined
  fail(code: string): undefined
  begin_logout(
    flow: number,
    client: string,
    session: string | undefined,
    returnTo: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): string
  logout_key(url: string): string | undefined
  logout_return(url: string, stored: string | undefined, now: number): string
  resume(flow: number, answer: string, body: Uint8Array, now: number): string
  abandon(flow: number): undefined
}

/** A question about a signature: what is signed, in ASCII, and the signature, in base64url. */
export interface VerifyStep extends SigningKey {
  kind: 'verify'
  signingInput: string
  signature: string
}

/** What a flow wants next. */
export type Step<T> = FetchStep | VerifyStep | { kind: 'done'; result: T }

/** A request to send. */
export interface FetchStep {
  kind: 'fetch'
  method: string
  url: string
  headers: [name: string, value: string][]
  body?: string
  maxResponseBytes: number
  /** What is to be signed for the `DPoP` header, if the tokens are bound. */
  proof?: string
  /** What the flow will ask for next, unless the answer to this one ends it; written as it will be then. */
  ahead?: FetchStep
}

export interface LoginRedirect {
  url: string
  key: string
  pending: string
  metadata: string
}

/** A session as it is shown, and what sends requests with it. */
export interface SessionView {
  claims: { sid?: string }
  representation?: object
  accessToken: string
  tokenType: 'Bearer' | 'DPoP'
  isRenewable: boolean
  /** When the access token expires. */
  expiresAt?: number
  /** When the session began, by the device's clock. */
  startedAt: number
  scope: string[]
  checks: object[]
}

export interface RenewedSession extends SessionView {
  /** Everything, secrets included, in the core's own words. */
  session: string
}

export interface CompletedSession extends RenewedSession {
  returnTo?: string
}

/** How long a session lasts. */
export interface Standing {
  endsAt: number
  warnFrom: number
}

export interface LogoutRedirect {
  url: string
  key?: string
  pending?: string
}

export interface LogoutReturn {
  isReturn: boolean
  returnTo?: string
}
