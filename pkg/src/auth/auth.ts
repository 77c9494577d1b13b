import type { Core } from '../core.js'
import { PortvaktError, driverError } from '../errors.js'
import { defined, refuseUnknown, written } from '../options.js'
import type { Fetch } from '../transport.js'
import { drive } from './drive.js'
import type { LoginGlue, LoginRedirect, LogoutRedirect, LogoutReturn, Session } from './glue.js'
import { TabStore } from './store.js'
import type { Auth, AuthOptions, AuthState, CreateAuth, LoginOptions, LoginService, SignedIn } from './types.js'

/** Binds `createAuth` to one way of loading the module. */
export function authOf(core: Core<LoginGlue>): CreateAuth {
  // One object for each client of the page, so that a callback is answered once however often it is asked for.
  const known = new Map<string, Promise<Auth<LoginService>>>()
  const create = (options: AuthOptions<LoginService>) => {
    const key = JSON.stringify([options.issuer.issuer, options.clientId, options.redirectUri])
    let auth = known.get(key)
    if (auth === undefined) {
      auth = PageAuth.open(core, options)
      known.set(key, auth)
      // A mistake in the options can be mended, and tried again.
      auth.catch(() => known.delete(key))
    }
    return auth
  }
  return create as CreateAuth
}

/** The random bytes of one login: state, nonce and code_verifier. */
const RANDOM_BYTES = 96

class PageAuth implements Auth<LoginService> {
  readonly #core: Core<LoginGlue>
  readonly #client: string
  readonly #redirectUri: string
  readonly #fetch: Fetch
  readonly #clock: () => number
  readonly #store: TabStore
  readonly #apiOrigins: ReadonlySet<string>
  readonly #listeners = new Set<() => void>()
  #state: AuthState<LoginService> = { status: 'signedOut' }
  #session: { accessToken: string; flow: number } | undefined
  #metadata: string | undefined

  static async open(core: Core<LoginGlue>, options: AuthOptions<LoginService>): Promise<PageAuth> {
    const auth = new PageAuth(core, options)
    await auth.#arrive()
    return auth
  }

  private constructor(core: Core<LoginGlue>, options: AuthOptions<LoginService>) {
    if (typeof window === 'undefined') throw driverError('environment_no_window')
    const { issuer, clientId, scopes, algorithms, clockToleranceSeconds, jwksUri, ...more } = options
    const { redirectUri, postLogoutRedirectUri, jwks, apiOrigins, fetch, clock, ...rest } = more
    refuseUnknown(rest)
    this.#core = core
    this.#redirectUri = absolute(redirectUri)
    this.#client = written({
      ...issuer,
      clientId,
      redirectUri: this.#redirectUri,
      postLogoutRedirectUri: postLogoutRedirectUri === undefined ? undefined : absolute(postLogoutRedirectUri),
      scopes,
      algorithms,
      clockToleranceSeconds,
      jwks: jwks === undefined ? undefined : JSON.stringify(jwks),
      jwksUri,
    })
    // Called as a function of the window, and found anew each time, so that it can be replaced.
    this.#fetch = fetch ?? ((url, init) => globalThis.fetch(url, init))
    this.#clock = clock ?? (() => Math.floor(Date.now() / 1000))
    this.#store = new TabStore(this.#clock)
    this.#apiOrigins = new Set(apiOrigins?.map((origin) => new URL(origin).origin))
  }

  get state(): AuthState<LoginService> {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    // Wrapped, so that one function can listen twice and leave once.
    const entry = () => listener()
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  async login(options: LoginOptions<LoginService> = {}): Promise<never> {
    const { acrValues, onBehalfOf, prompt, maxAgeSeconds, uiLocales, loginHint, resource, returnTo, ...rest } = options
    refuseUnknown(rest)
    const request = written({
      acrValues,
      onBehalfOf,
      prompt,
      maxAgeSeconds,
      uiLocales,
      loginHint,
      resource,
      returnTo,
    })
    const { result } = await drive<LoginRedirect>(this.#core, this.#fetch, this.#clock, (glue, flow) =>
      glue.begin_login(flow, this.#client, request, this.#metadata, random(), this.#clock()),
    )
    this.#metadata = result.metadata
    this.#store.put(result.key, result.pending)
    window.location.assign(result.url)
    return new Promise<never>(() => {})
  }

  async logout({ returnTo }: { returnTo?: string } = {}): Promise<void> {
    const session = this.#session
    this.#session = undefined
    this.#become({ status: 'signedOut' })
    try {
      const { result } = await drive<LogoutRedirect>(this.#core, this.#fetch, this.#clock, (glue, flow) =>
        glue.begin_logout(flow, this.#client, session?.flow, returnTo, random(), this.#clock()),
      )
      if (result.key !== undefined && result.pending !== undefined) this.#store.put(result.key, result.pending)
      window.location.assign(result.url)
      await new Promise<never>(() => {})
    } catch (error) {
      const isMistake = error instanceof PortvaktError && error.fault === 'misuse'
      if (isMistake && error.code !== 'misuse_no_end_session_endpoint') throw error
    }
  }

  async getAccessToken(): Promise<string> {
    if (this.#session === undefined || this.#state.status !== 'signedIn') throw driverError('misuse_signed_out')
    const { expiresAt } = this.#state
    if (expiresAt !== undefined && this.#clock() >= expiresAt) throw driverError('token_access_expired')
    return this.#session.accessToken
  }

  async fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input, window.location.href)
    if (!this.#apiOrigins.has(url.origin)) throw driverError('misuse_fetch_origin')
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${await this.getAccessToken()}`)
    return this.#fetch(url.href, { ...init, headers, redirect: 'error' })
  }

  /** Deals with what the page was opened with: the answer to a login, the return from a logout, or nothing. */
  async #arrive(): Promise<void> {
    const url = window.location.href
    // Parameters of these names on another page are that page's own.
    const isRedirectUri = withoutParameters(url) === withoutParameters(this.#redirectUri)
    if (isRedirectUri && this.#core.call((glue) => glue.is_callback(url))) await this.#complete(url)
    else this.#return(url)
  }

  async #complete(url: string): Promise<void> {
    try {
      // Both before the first wait: a reload, a second caller and the Back button find nothing to do.
      const key = this.#core.call((glue) => glue.callback_key(url))
      const stored = this.#store.take(key)
      showAddress(withoutQuery(url))
      const { result, flow } = await drive<Session>(this.#core, this.#fetch, this.#clock, (glue, flow) =>
        glue.complete_login(flow, this.#client, url, stored, this.#clock()),
      )
      if (result.returnTo !== undefined) showAddress(result.returnTo)
      this.#session = { accessToken: result.accessToken, flow }
      this.#become(signedIn(result))
    } catch (error) {
      showAddress(withoutQuery(url))
      if (!(error instanceof PortvaktError) || error.fault === 'misuse') throw error
      this.#become({ status: 'signedOut', error })
    }
  }

  #return(url: string): void {
    const key = this.#core.call((glue) => glue.logout_key(url))
    const stored = key === undefined ? undefined : this.#store.take(key)
    if (stored === undefined) return
    const returned = this.#core.ask<LogoutReturn>((glue) => glue.logout_return(url, stored, this.#clock()))
    showAddress(returned.returnTo ?? withoutQuery(url))
  }

  #become(state: AuthState<LoginService>): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** The part of a session that is shown; its token stays here. */
function signedIn({ accessToken: _, returnTo: __, ...session }: Session): SignedIn<LoginService> {
  const { claims, representation, expiresAt, scope, checks } = session
  const shown = { status: 'signedIn', claims, representation, expiresAt, scope, checks }
  return defined(shown) as unknown as SignedIn<LoginService>
}

/** Replaces the entry in the history too: a code must not be there. */
function showAddress(path: string): void {
  window.history.replaceState(window.history.state, '', path)
}

function withoutQuery(url: string): string {
  return new URL(url).pathname
}

function withoutParameters(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

function absolute(uri: string): string {
  // Written as it was registered, unless it is a path: another spelling is another redirect_uri.
  return uri.startsWith('/') ? window.location.origin + uri : uri
}

function random(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))
}
