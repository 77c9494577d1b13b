import type { Core } from '../core.js'
import { driverError } from '../errors.js'
import { written } from '../options.js'
import { metadataUrl } from '../presets.js'
import { readBody } from '../transport.js'
import type { VerifyGlue } from '../verify/glue.js'
import { KeyStore, judgedWith } from '../verify/keys.js'
import type { LoadVerify } from './endpoint.js'
import { digest } from './session.js'
import type { Settings } from './settings.js'
import type { BackChannelOptions } from './types.js'

/** The most bytes of a posted logout. Digdir's logout tokens have their certificate with them, about 4 KiB. */
const MAX_BODY_BYTES = 32 * 1024

/** What a verified logout token orders. */
export interface LogoutOrder {
  readonly sid: string
  readonly jti: string
  /** Until when the token's `jti` must be remembered, in seconds since 1970. */
  readonly replayableUntil: number
}

/** The part of the endpoint that hears posted logouts; `undefined` if there is to be none. */
export function backChannelOf(settings: Settings, load: LoadVerify): BackChannel | undefined {
  return settings.backChannel === undefined ? undefined : new BackChannel(settings, settings.backChannel, load)
}

/** Hears the logouts that the provider posts. OpenID Connect Back-Channel Logout. */
export class BackChannel {
  readonly #settings: Settings
  readonly #options: BackChannelOptions
  readonly #load: LoadVerify
  #judge: ((token: string) => Promise<LogoutOrder>) | undefined

  constructor(settings: Settings, options: BackChannelOptions, load: LoadVerify) {
    this.#settings = settings
    this.#options = options
    this.#load = load
  }

  /** What a request orders. Throws `request_*`, `token_*`, and what stands in the way of the keys. */
  async order(request: Request): Promise<LogoutOrder> {
    const token = await postedToken(request)
    const core = await this.#load()
    // Only now: of many that came at once, one makes what keeps the keys for all.
    this.#judge ??= judgeOf(core, this.#settings, this.#options)
    return this.#judge(token)
  }

  /** Remembers the token. Throws `token_replayed` if it came before. §2.6 (7). */
  async useUp({ jti, replayableUntil }: LogoutOrder): Promise<void> {
    const { issuer, store } = this.#settings
    // As one text of known length, whatever the provider chose.
    const isFirst = await store.useOnce(await digest(`${issuer}\n${jti}`), replayableUntil)
    if (!isFirst) throw driverError('token_replayed')
  }
}

/** The `logout_token` of a posted form, there once and only once. §2.5. */
async function postedToken(request: Request): Promise<string> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw driverError('request_logout_malformed')
  const body = new TextDecoder().decode(await readBody(request, MAX_BODY_BYTES))
  const [token, ...more] = new URLSearchParams(body).getAll('logout_token')
  if (token === undefined || more.length > 0) throw driverError('request_logout_malformed')
  return token
}

function judgeOf(core: Core<VerifyGlue>, settings: Settings, options: BackChannelOptions): (token: string) => Promise<LogoutOrder> {
  const { issuer, service, clock } = settings
  const { clientIds, algorithms, clockToleranceSeconds, jwks, jwksUri, fetch } = options
  const expected = written({ issuer, clientIds, algorithms, clockToleranceSeconds })
  const judge = (token: string, keys: string) =>
    core.ask<LogoutOrder>((glue) => glue.verify_logout_token(token, keys, expected, clock()))
  if (jwks !== undefined) {
    const keys = JSON.stringify(jwks)
    return async (token) => judge(token, keys)
  }
  const keys = new KeyStore({
    issuer,
    metadataUrl: metadataUrl(service, issuer),
    jwksUri,
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
    clock,
    reader: {
      jwksUri: (metadata) => core.call((glue) => glue.jwks_uri(metadata, issuer)),
      checkJwks: (text) => void core.call((glue) => glue.check_jwks(service, text)),
    },
  })
  return (token) => judgedWith(keys, (jwks) => judge(token, jwks))
}
