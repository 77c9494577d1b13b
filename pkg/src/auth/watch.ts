import { logoutSession } from '../edge/session.js'
import { exchange } from '../transport.js'
import type { Driver } from './drive.js'
import type { Renewal } from './renewal.js'
import type { SharedSession } from './session.js'

/** How often the endpoint is asked where it sends no events, in milliseconds. */
const POLL_MILLISECONDS = 1500

/** How often at most the service is asked where there is no endpoint, in seconds. */
const PROBE_SECONDS = 60

/** The most that is read of an answer, in bytes. */
const MAX_BYTES = 1024

/** What the static page of a logout tells the tabs of its site, on the channel of this name. */
const PAGE_CHANNEL = 'portvakt.logout'

/** Learns that a session was logged out from elsewhere. */
export class LogoutWatch {
  readonly #driver: Driver
  readonly #session: SharedSession
  readonly #issuer: string
  readonly #endpoint: string | undefined
  #followed: { sid: string | undefined; stop: AbortController } | undefined
  #channel: BroadcastChannel | undefined
  #probedAt: number

  constructor(driver: Driver, session: SharedSession, issuer: string, endpoint: string | undefined) {
    this.#driver = driver
    this.#session = session
    this.#issuer = issuer
    this.#endpoint = endpoint
    this.#probedAt = driver.clock()
  }

  /** Hears the static page of a logout from now on. */
  listen(): void {
    if (this.#channel !== undefined) return
    this.#channel = new BroadcastChannel(PAGE_CHANNEL)
    this.#channel.onmessage = async ({ data }) => {
      const sid = this.#sid
      if (sid !== undefined && data?.session === (await logoutSession(this.#issuer, sid))) this.#ended(sid)
    }
  }

  /** Follows the session that there is now; none while the page is away. */
  follow(isAway: boolean): void {
    const sid = isAway ? undefined : this.#sid
    if (sid === this.#followed?.sid) return
    this.#followed?.stop.abort()
    const stop = new AbortController()
    this.#followed = { sid, stop }
    if (sid !== undefined) this.#subscribe(sid, stop.signal)
  }

  /** Asks once, when a tab comes to the front. Without an endpoint, a renewal shows whether the session still is. */
  async ask(renewal: Renewal): Promise<void> {
    const { current } = this.#session
    if (current === undefined) return
    const sid = this.#sid
    if (this.#endpoint !== undefined && sid !== undefined) return this.#asked(await this.#subscription(sid), sid)
    const now = this.#driver.clock()
    if (!current.view.isRenewable || now - this.#probedAt < PROBE_SECONDS) return
    this.#probedAt = now
    // What there is to say about it, the state says.
    await renewal.renew().catch(() => {})
  }

  get #sid(): string | undefined {
    return this.#session.current?.view.claims.sid
  }

  async #subscribe(sid: string, signal: AbortSignal): Promise<void> {
    if (this.#endpoint === undefined) return
    const url = await this.#subscription(sid)
    // One connection for each session, in whichever tab; the tab that learns of it tells the others.
    if (!signal.aborted) this.#session.tabs.elect(url, signal, () => this.#listened(url, sid, signal))
  }

  /** Waits for the event; asks again and again where events do not come. */
  #listened(url: string, sid: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const poll = async () => {
        await this.#asked(url, sid)
        if (!signal.aborted) timer = setTimeout(poll, POLL_MILLISECONDS)
      }
      const source = new EventSource(url)
      source.addEventListener('logout', () => this.#ended(sid))
      source.addEventListener('error', () => {
        // It tries again by itself, unless what answers is no stream of events.
        if (source.readyState === EventSource.CLOSED && timer === undefined) poll()
      })
      signal.addEventListener('abort', () => {
        source.close()
        clearTimeout(timer)
        resolve()
      })
    })
  }

  async #asked(url: string, sid: string): Promise<void> {
    try {
      const init: RequestInit = { headers: { accept: 'application/json' }, cache: 'no-store', credentials: 'omit' }
      const { status, body } = await exchange(this.#driver.fetch, url, init, MAX_BYTES)
      const isOver = status === 200 && JSON.parse(new TextDecoder().decode(body)).loggedOut === true
      if (isOver) this.#ended(sid)
    } catch {
      // The endpoint is out of reach: the next time, perhaps.
    }
  }

  /** The address names the session by a digest: who sees it cannot log anybody out with it. */
  async #subscription(sid: string): Promise<string> {
    const url = new URL(this.#endpoint ?? '', window.location.href)
    url.searchParams.set('session', await logoutSession(this.#issuer, sid))
    return url.href
  }

  #ended(sid: string): void {
    // Another session may have begun since.
    if (sid === this.#sid) this.#session.end(this.#session.failure('session_ended_elsewhere'))
  }
}
