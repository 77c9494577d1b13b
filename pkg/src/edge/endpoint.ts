import type { Core } from '../core.js'
import type { VerifyGlue } from '../verify/glue.js'
import { type BackChannel, backChannelOf } from './back-channel.js'
import { Streams } from './events.js'
import { frontChannelRequest } from './front-channel.js'
import { type Settings, settingsOf } from './settings.js'
import { isLogoutSession, logoutSession } from './session.js'
import type { CreateLogoutEndpoint } from './types.js'

/** Loads the verifying module. It is called when the first logout token comes. */
export type LoadVerify = () => Promise<Core<VerifyGlue>>

/** The longest address that is looked at, in characters: an issuer and a `sid` are a few hundred. */
const MAX_URL_LENGTH = 8 * 1024

/** Binds `createLogoutEndpoint` to one way of loading the module. */
export function logoutEndpointOf(load: LoadVerify): CreateLogoutEndpoint {
  return (options) => {
    const settings = settingsOf(options)
    const endpoint = new LogoutEndpoint(settings, backChannelOf(settings, load))
    return (request) => endpoint.answer(request)
  }
}

class LogoutEndpoint {
  readonly #settings: Settings
  readonly #backChannel: BackChannel | undefined
  readonly #streams: Streams
  readonly #headers: Readonly<Record<string, string>>

  constructor(settings: Settings, backChannel: BackChannel | undefined) {
    this.#settings = settings
    this.#backChannel = backChannel
    this.#streams = new Streams(settings)
    this.#headers = {
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; frame-ancestors ${settings.frameAncestors.join(' ')}`,
      'content-type': 'text/plain; charset=utf-8',
      // The address has the `sid` in it.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    }
  }

  async answer(request: Request): Promise<Response> {
    if (request.url.length > MAX_URL_LENGTH) return this.#response(414)
    switch (request.method) {
      case 'GET':
        return this.#get(request)
      case 'POST':
        if (this.#backChannel !== undefined) return this.#post(request, this.#backChannel)
    }
    return this.#response(405, '', { allow: this.#backChannel === undefined ? 'GET' : 'GET, POST' })
  }

  /** A logout in a frame of the provider's, or a tab that wants to hear of one. */
  async #get(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams
    const [iss, sid, session] = [query.getAll('iss'), query.getAll('sid'), query.getAll('session')]
    if (session.length > 0) {
      const [name = ''] = session
      if (session.length > 1 || iss.length + sid.length > 0 || !isLogoutSession(name)) return this.#response(400)
      return this.#subscribe(request, name)
    }
    const asked = frontChannelRequest(iss, sid, this.#settings.issuer)
    if (asked.kind === 'malformed') return this.#response(400)
    try {
      // Without the two, nobody knows whose session it was; the provider is content with any page.
      if (asked.kind === 'logout') await this.#revoke(asked.sid)
    } catch (error) {
      this.#settings.onFailure(error)
      return this.#response(503)
    }
    // The same for a session that nobody has heard of: the answer tells nothing.
    return this.#response(200, 'OK')
  }

  async #post(request: Request, backChannel: BackChannel): Promise<Response> {
    try {
      const order = await backChannel.order(request)
      // First this, and then the token is used up: if the store fails in between, the provider can try again.
      await this.#revoke(order.sid)
      await backChannel.useUp(order)
      return this.#response(200)
    } catch (error) {
      this.#settings.onFailure(error)
      return this.#json(400, { error: 'invalid_request' })
    }
  }

  async #subscribe(request: Request, session: string): Promise<Response> {
    // Nobody but the application itself has a use for it.
    const headers = { 'cross-origin-resource-policy': 'same-origin' }
    try {
      if (!(request.headers.get('accept') ?? '').toLowerCase().includes('text/event-stream')) {
        return this.#json(200, { loggedOut: await this.#settings.store.isRevoked(session) }, headers)
      }
    } catch (error) {
      this.#settings.onFailure(error)
      return this.#response(503, '', headers)
    }
    const stream = this.#streams.open(session)
    if (stream === undefined) return this.#response(503, '', { ...headers, 'retry-after': '10' })
    return this.#response(200, stream, {
      ...headers,
      'content-type': 'text/event-stream',
      // Neither compressed nor collected on the way, or the event comes too late.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
  }

  async #revoke(sid: string): Promise<void> {
    const { issuer, store, clock, rememberSeconds } = this.#settings
    await store.revoke(await logoutSession(issuer, sid), clock() + rememberSeconds)
  }

  #json(status: number, body: object, headers: Record<string, string> = {}): Response {
    return this.#response(status, JSON.stringify(body), { ...headers, 'content-type': 'application/json' })
  }

  #response(status: number, body: BodyInit = '', headers: Record<string, string> = {}): Response {
    return new Response(body, { status, headers: { ...this.#headers, ...headers } })
  }
}
