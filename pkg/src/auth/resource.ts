import { driverError } from '../errors.js'
import { proof, publicKey } from './dpop.js'
import { type Driver, random } from './drive.js'
import type { Renewal } from './renewal.js'
import type { Current, SharedSession } from './session.js'

/** Sends requests with the access token, to the origins that may have it. */
export class ResourceFetch {
  readonly #driver: Driver
  readonly #client: string
  readonly #session: SharedSession
  readonly #renewal: Renewal
  readonly #origins: ReadonlySet<string>
  /** The nonce that each origin gave last (RFC 9449 §9). */
  readonly #nonces = new Map<string, string>()

  constructor(
    driver: Driver,
    client: string,
    session: SharedSession,
    renewal: Renewal,
    origins: readonly string[],
  ) {
    this.#driver = driver
    this.#client = client
    this.#session = session
    this.#renewal = renewal
    this.#origins = new Set(origins.map((origin) => new URL(origin).origin))
  }

  /** Sends one request. Throws `session_changed` if it was answered under another session than it was sent under. */
  async send(input: string | URL, init: RequestInit): Promise<Response> {
    const url = new URL(input, window.location.href)
    if (!this.#origins.has(url.origin)) throw driverError('misuse_fetch_origin')
    const current = await this.#renewal.fresh()
    let response = await this.#sent(url, init, current)
    // A server that wants a nonce says so once; a body that streams cannot be sent again.
    if (this.#wantsNonce(url, response, current) && !(init.body instanceof ReadableStream)) {
      response = await this.#sent(url, init, current)
    }
    this.#learn(url, response)
    if (!(await this.#session.is(current.kept.id))) throw this.#session.failure('session_changed')
    return response
  }

  async #sent(url: URL, init: RequestInit, current: Current): Promise<Response> {
    const { accessToken, tokenType } = current.view
    const headers = new Headers(init.headers)
    headers.set('authorization', `${tokenType} ${accessToken}`)
    const { proofKeys } = current.kept
    if (tokenType === 'DPoP' && proofKeys !== undefined) {
      const key = await publicKey(proofKeys)
      const nonce = this.#nonces.get(url.origin)
      const { core, clock } = this.#driver
      const method = (init.method ?? 'GET').toUpperCase()
      const unsigned = core.call((glue) =>
        glue.resource_proof(this.#client, current.kept.session, method, url.href, nonce, key, random(), clock()),
      )
      headers.set('dpop', await proof(proofKeys, unsigned))
    }
    return this.#driver.fetch(url.href, { ...init, headers, redirect: 'error' })
  }

  #wantsNonce(url: URL, response: Response, { view }: Current): boolean {
    const challenge = response.headers.get('www-authenticate') ?? ''
    const isChallenge = view.tokenType === 'DPoP' && response.status === 401 && challenge.includes('use_dpop_nonce')
    return isChallenge && this.#learn(url, response)
  }

  /** Whether there is a nonce that was not known. */
  #learn(url: URL, response: Response): boolean {
    const nonce = response.headers.get('dpop-nonce')
    if (nonce === null || nonce === this.#nonces.get(url.origin)) return false
    this.#nonces.set(url.origin, nonce)
    return true
  }
}
