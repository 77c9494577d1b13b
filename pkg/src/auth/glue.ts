import type { Glue } from '../core.js'
import type { SignatureQuestion } from '../webcrypto.js'

/** The exports of `portvakt_login_bg.wasm`. Options and steps are JSON. */
export interface LoginGlue extends Glue {
  begin_login(
    flow: number,
    client: string,
    request: string,
    metadata: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): string
  is_callback(url: string): boolean
  callback_key(url: string): string
  complete_login(flow: number, client: string, url: string, stored: string | undefined, now: number): string
  begin_logout(
    flow: number,
    client: string,
    session: number | undefined,
    returnTo: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): string
  logout_key(url: string): string | undefined
  logout_return(url: string, stored: string | undefined, now: number): string
  resume(flow: number, answer: string, body: Uint8Array, now: number): string
  abandon(flow: number): void
}

/** What a flow wants next. */
export type Step<T> = FetchStep | ({ kind: 'verify' } & SignatureQuestion) | { kind: 'done'; result: T }

/** A request to send. */
export interface FetchStep {
  kind: 'fetch'
  method: string
  url: string
  headers: [name: string, value: string][]
  body?: string
  maxResponseBytes: number
}

export interface LoginRedirect {
  url: string
  key: string
  pending: string
  metadata: string
}

export interface Session {
  claims: object
  representation?: object
  accessToken: string
  expiresAt?: number
  scope: string[]
  checks: object[]
  returnTo?: string
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
