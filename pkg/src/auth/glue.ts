import type { Glue } from '../core.js'

/** The exports of `portvakt_login_bg.wasm`. */
export interface LoginGlue extends Glue {
  begin_login(
    flow: number,
    client: object,
    request: object,
    metadata: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): Step<LoginRedirect>
  is_callback(url: string): boolean
  callback_key(url: string): string
  complete_login(flow: number, client: object, url: string, stored: string | undefined, now: number): Step<Session>
  begin_logout(
    flow: number,
    client: object,
    session: number | undefined,
    returnTo: string | undefined,
    randomBytes: Uint8Array,
    now: number,
  ): Step<LogoutRedirect>
  logout_key(url: string): string | undefined
  logout_return(url: string, stored: string | undefined, now: number): LogoutReturn
  resume(flow: number, response: object, now: number): Step<never>
  abandon(flow: number): void
}

/** What a flow wants next. */
export type Step<T> = FetchStep | { kind: 'done'; result: T }

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
