import type { Core } from '../core.js'
import { PortvaktError, driverError } from '../errors.js'
import { defined, refuseUnknown, written } from '../options.js'
import { readBody } from '../transport.js'
import { absolute, here, isSamePage, showAddress, withoutQuery } from './address.js'
import { type ProofKeys, createProofKeys } from './dpop.js'
import { type Driver, drive, random } from './drive.js'
import type { CompletedSession, LoginGlue, LoginRedirect, LogoutRedirect, LogoutReturn } from './glue.js'
import { observe } from './limits.js'
import { LogoutWatch } from './watch.js'
import { Renewal } from './renewal.js'
import { ResourceFetch } from './resource.js'
import { SharedSession } from './session.js'
import { type Shown, shown } from './state.js'
import { TabStore } from './store.js'
import type { Auth, AuthOptions, AuthState, CreateAuth, LoginOptions, LoginService } from './types.js'

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

/** The most of an API's refusal that is read, in bytes: it says a level, or it is no such refusal. */
const MAX_CHALLENGE_BYTES = 64 * 1024

/** What is asked for again on top of a session, unless the application says otherwise. */
type Repeated = Pick<LoginOptions<LoginService>, 'acrValues' | 'onBehalfOf' | 'resource' | 'uiLocales'>

class PageAuth implements Auth<LoginService> {
  readonly #driver: Driver
  readonly #client: string
  readonly #redirectUri: string
  readonly #isBound: boolean
  readonly #store: TabStore
  /** The note that a login is being completed, which tells a reload in the middle of it from an ordinary visit. */
  readonly #completing: string
  readonly #session: SharedSession
  readonly #renewal: Renewal
  readonly #resources: ResourceFetch
  readonly #watch: LogoutWatch
  readonly #listeners = new Set<() => void>()
  #shown: Shown = { state: { status: 'loading' } }
  #isAway = true
  #metadata: string | undefined
  /** Why the sign-in that this page was opened with did not succeed, and the session that there was all the same. */
  #failed: { error: PortvaktError; id: string | undefined } | undefined

  static async open(core: Core<LoginGlue>, options: AuthOptions<LoginService>): Promise<PageAuth> {
    const auth = new PageAuth(core, options)
    const keys = auth.#keysAhead()
    auth.#session.checkLimits()
    await auth.#arrive(keys)
    auth.#live()
    return auth
  }

  private constructor(core: Core<LoginGlue>, options: AuthOptions<LoginService>) {
    if (typeof window === 'undefined') throw driverError('environment_no_window')
    if (!window.isSecureContext) throw driverError('environment_webcrypto_unavailable')
    const { issuer, clientId, scopes, algorithms, clockToleranceSeconds, jwksUri, ...more } = options
    const { redirectUri, postLogoutRedirectUri, jwks, apiOrigins, fetch, clock, ...still } = more
    const { idleSeconds, sessionSeconds, warningSeconds, storage, dpop, logoutEvents, ...rest } = still
    refuseUnknown(rest)
    if (!['sealed', 'memory', undefined].includes(storage)) throw driverError('misuse_options')
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
    this.#driver = {
      core,
      // Called as a function of the window, and found anew each time, so that it can be replaced.
      fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
      clock: clock ?? (() => Math.floor(Date.now() / 1000)),
    }
    this.#isBound = dpop ?? true
    this.#store = new TabStore(this.#driver.clock)
    this.#completing = `portvakt.login.completing ${issuer.issuer} ${clientId}`
    this.#session = new SharedSession({
      core,
      client: this.#client,
      name: `${issuer.issuer} ${clientId}`,
      storage: storage ?? 'sealed',
      limits: written({ idleSeconds, sessionSeconds, warningSeconds }),
      clock: this.#driver.clock,
      changed: () => this.#show(),
    })
    this.#renewal = new Renewal(this.#driver, this.#client, this.#session)
    this.#resources = new ResourceFetch(this.#driver, this.#client, this.#session, this.#renewal, apiOrigins ?? [])
    this.#watch = new LogoutWatch(this.#driver, this.#session, issuer.issuer, logoutEvents)
  }

  get state(): AuthState<LoginService> {
    return this.#shown.state
  }

  subscribe(listener: () => void): () => void {
    // Wrapped, so that one function can listen twice and leave once.
    const entry = () => listener()
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  async login(options: LoginOptions<LoginService> = {}): Promise<never> {
    return this.#login(options)
  }

  async switchOrganisation(options: LoginOptions<LoginService> = {}): Promise<never> {
    if (this.#session.current === undefined) throw driverError('misuse_signed_out')
    return this.#login(options)
  }

  async stepUp(response: Response): Promise<false> {
    const { current } = this.#session
    if (current === undefined) throw driverError('misuse_signed_out')
    const challenge = response.headers.get('www-authenticate') ?? ''
    const body = response.bodyUsed ? new Uint8Array() : await readBody(response.clone(), MAX_CHALLENGE_BYTES)
    const asked = this.#driver.core.call((glue) => glue.step_up(this.#client, response.status, challenge, body))
    // The same person at a higher level: whoever else signs in is refused.
    return asked === undefined ? false : this.#login(JSON.parse(asked), current.kept.session)
  }

  async logout({ returnTo, ...rest }: { returnTo?: string } = {}): Promise<void> {
    refuseUnknown(rest)
    const session = this.#session.current?.kept.session
    this.#failed = undefined
    await this.#session.end()
    try {
      const result = await drive<LogoutRedirect>(this.#driver, undefined, (glue, flow) =>
        glue.begin_logout(flow, this.#client, session, returnTo, random(), this.#driver.clock()),
      )
      if (result.key !== undefined && result.pending !== undefined) this.#store.put(result.key, result.pending)
      await leave(result.url)
    } catch (error) {
      const isMistake = error instanceof PortvaktError && error.fault === 'misuse'
      if (isMistake && error.code !== 'misuse_no_end_session_endpoint') throw error
    }
  }

  async getAccessToken(): Promise<string> {
    this.#show()
    const { view } = await this.#renewal.fresh()
    return view.accessToken
  }

  async renew(): Promise<void> {
    this.#show()
    await this.#renewal.renew()
  }

  async fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    this.#show()
    return this.#resources.send(input, init)
  }

  async #login(options: LoginOptions<LoginService>, samePersonAs?: string): Promise<never> {
    const { acrValues, onBehalfOf, prompt, maxAgeSeconds, uiLocales, loginHint, resource, returnTo, ...rest } = options
    refuseUnknown(rest)
    const { current } = this.#session
    const before = current === undefined ? {} : (JSON.parse(current.kept.request) as Repeated)
    const repeated = { ...before, ...defined({ acrValues, onBehalfOf, resource, uiLocales }) } as Repeated
    if (repeated.onBehalfOf === null) delete repeated.onBehalfOf
    const comesTo = returnTo ?? (current && here())
    const request = written({ ...repeated, prompt, maxAgeSeconds, loginHint, returnTo: comesTo })
    const result = await drive<LoginRedirect>(this.#driver, undefined, (glue, flow) =>
      glue.begin_login(flow, this.#client, request, samePersonAs, this.#metadata, random(), this.#driver.clock()),
    )
    this.#metadata = result.metadata
    this.#store.put(result.key, written({ pending: result.pending, request: written(repeated) }))
    return leave(result.url)
  }

  /** Deals with what the page was opened with: the answer to a login, the return from a logout, or a session. */
  async #arrive(keys: Promise<ProofKeys> | undefined): Promise<void> {
    const url = window.location.href
    // Parameters of these names on another page are that page's own.
    const isAnswer = isSamePage(url, this.#redirectUri) && this.#driver.core.ask<boolean>((glue) => glue.is_callback(url))
    if (!isAnswer) this.#return(url)
    const error = isAnswer ? await this.#complete(url, keys) : this.#interruption()
    this.#listen()
    // A sign-in that succeeded has just put its session there.
    if (this.#session.current === undefined) await this.#session.open()
    this.#failed = error && { error, id: this.#session.current?.kept.id }
    this.#isAway = false
    this.#show()
  }

  /** The keys of a login that this page seems to be the answer to: they are made while the module is compiled. */
  #keysAhead(): Promise<ProofKeys> | undefined {
    const { href, search } = window.location
    if (!this.#isBound || !isSamePage(href, this.#redirectUri) || !new URLSearchParams(search).has('state')) return undefined
    const keys = createProofKeys()
    // Whoever uses them is told.
    keys.catch(() => {})
    return keys
  }

  /** Signs in, or tells why not. */
  async #complete(url: string, keys: Promise<ProofKeys> | undefined): Promise<PortvaktError | undefined> {
    const { core, clock } = this.#driver
    try {
      // Both before the first wait: a reload, a second caller and the Back button find nothing to do.
      const key = core.call((glue) => glue.callback_key(url))
      const { pending, request } = pendingLogin(this.#store.take(key))
      showAddress(withoutQuery(url))
      this.#store.note(this.#completing)
      const proof = this.#isBound ? await (keys ?? createProofKeys()) : undefined
      const proofKeys = proof?.pair
      const start = (glue: LoginGlue, flow: number) =>
        glue.complete_login(flow, this.#client, url, pending, proof?.publicKey, random(), clock())
      // Nothing of this comes before the request: each wakes other processes of the browser.
      const result = await drive<CompletedSession>(this.#driver, proofKeys, start, () => {
        this.#session.prepare()
        this.#listen()
      })
      const { returnTo, session, ...view } = result
      if (returnTo !== undefined) showAddress(returnTo)
      const kept = { id: crypto.randomUUID(), epoch: 1, activity: clock(), session, request }
      await this.#session.begin(proofKeys && view.tokenType === 'DPoP' ? { ...kept, proofKeys } : kept, view)
      return undefined
    } catch (error) {
      showAddress(withoutQuery(url))
      if (!(error instanceof PortvaktError) || error.fault === 'misuse') throw error
      return error
    } finally {
      this.#store.take(this.#completing)
    }
  }

  /** Why nobody is signed in, if the last page of this tab ended while it was completing a login; told once. */
  #interruption(): PortvaktError | undefined {
    return this.#store.take(this.#completing) === undefined ? undefined : this.#session.failure('callback_interrupted')
  }

  #return(url: string): undefined {
    const { core, clock } = this.#driver
    const key = core.call((glue) => glue.logout_key(url))
    const stored = key === undefined ? undefined : this.#store.take(key)
    if (stored === undefined) return
    const returned = core.ask<LogoutReturn>((glue) => glue.logout_return(url, stored, clock()))
    showAddress(returned.returnTo ?? withoutQuery(url))
  }

  /** Hears what other tabs and the page of a logout tell. */
  #listen(): void {
    this.#session.tabs.listen()
    this.#watch.listen()
  }

  /** Keeps the state true from now on, as long as the page lives. */
  #live(): void {
    const { clock } = this.#driver
    observe(clock, () => this.#show(), (at) => {
      // First: what is over is not brought back by a click.
      this.#show()
      if (this.#session.current !== undefined) this.#session.active(at)
    })
    window.addEventListener('pagehide', () => {
      // The page may be shown again, as it is now, when nobody is signed in any more.
      this.#isAway = true
      this.#show()
    })
    window.addEventListener('pageshow', ({ persisted }) => void (persisted && this.#look()))
    document.addEventListener('visibilitychange', () => void (document.visibilityState === 'visible' && this.#look()))
  }

  /** Looks again, after a time in which nothing may have reached this tab. */
  async #look(): Promise<void> {
    try {
      await this.#session.read()
    } finally {
      this.#isAway = false
      this.#show()
    }
    await this.#watch.ask(this.#renewal)
  }

  /** Makes the state what it is to be, and tells about it if it is another. */
  #show(): void {
    const before = this.#shown
    // It was about that session, or about there being none.
    if (!this.#isAway && this.#failed?.id !== this.#session.current?.kept.id) this.#failed = undefined
    try {
      const circumstances = { isAway: this.#isAway, error: this.#failed?.error, before, now: this.#driver.clock() }
      this.#shown = shown(this.#session, circumstances)
    } catch (error) {
      if (!(error instanceof PortvaktError)) throw error
      // Calls this function again, without a session.
      this.#session.end(error)
      return
    }
    this.#watch.follow(this.#isAway)
    if (this.#shown.state === before.state) return
    for (const listener of this.#listeners) listener()
  }
}

/** Leaves the page. */
function leave(url: string): Promise<never> {
  window.location.assign(url)
  return new Promise<never>(() => {})
}

/** What was put when the login began; the core judges it. */
function pendingLogin(stored: string | undefined): { pending: string | undefined; request: string } {
  try {
    const { pending, request } = JSON.parse(stored ?? '')
    if (typeof pending === 'string' && typeof JSON.parse(request) === 'object') return { pending, request }
  } catch {
    // Not there, or not ours.
  }
  return { pending: undefined, request: '{}' }
}
