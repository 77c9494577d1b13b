import { driverError } from '../errors.js'
import { refuseUnknown } from '../options.js'
import type { Preset } from '../presets.js'
import type { BackChannelOptions, LogoutEndpointOptions, LogoutStore } from './types.js'

/** How long a session of ID-porten and Ansattporten lasts at most, in seconds: two hours from the authentication. */
const SESSION_SECONDS = 7200
/** The most that can be asked for, in seconds: a week, since what is remembered takes room. */
const MAX_SESSION_SECONDS = 604_800

/**
 * How long beyond the longest session it is remembered that it has ended, in seconds: the most that the clock of a
 * device may be wrong, by which a tab counts its two hours.
 */
const SLACK_SECONDS = 300

/** The most tabs that one instance can be told to hold: more than any runtime keeps connections open. */
const MAX_STREAMS = 1_000_000

/** The options, checked, and with their defaults. */
export interface Settings {
  readonly issuer: string
  readonly service: Preset['service'] | undefined
  readonly frameAncestors: readonly string[]
  readonly store: LogoutStore
  readonly backChannel: BackChannelOptions | undefined
  readonly rememberSeconds: number
  readonly maxStreams: number
  readonly clock: () => number
  readonly onFailure: (error: unknown) => void
}

/** Checks the options. Throws `misuse_*`. */
export function settingsOf(options: LogoutEndpointOptions): Settings {
  const { issuer: named, frameAncestors, store, backChannel, sessionSeconds, maxStreams, clock, onFailure, ...rest } = options
  refuseUnknown(rest)
  if (!isStore(store)) throw driverError('misuse_logout_store')
  const seconds = sessionSeconds ?? SESSION_SECONDS
  const streams = maxStreams ?? 10_000
  const isInRange = isWithin(seconds, SESSION_SECONDS, MAX_SESSION_SECONDS) && isWithin(streams, 1, MAX_STREAMS)
  if (!isInRange) throw driverError('misuse_logout_limits')
  const { issuer, service } = typeof named === 'string' ? { issuer: named, service: undefined } : named
  const isHeard = service === undefined || service === 'idporten' || service === 'ansattporten'
  if (!isHeard || !isIssuer(issuer)) throw driverError('misuse_logout_issuer')
  const ancestors = frameAncestors ?? (typeof named === 'string' ? undefined : loginOrigins(named))
  if (!ancestors?.length || !ancestors.every(isOrigin)) throw driverError('misuse_frame_ancestors')
  return {
    issuer,
    service,
    frameAncestors: ancestors,
    store,
    backChannel: backChannel === undefined ? undefined : checked(backChannel),
    rememberSeconds: seconds + SLACK_SECONDS,
    maxStreams: streams,
    clock: clock ?? (() => Math.floor(Date.now() / 1000)),
    onFailure: onFailure ?? (() => {}),
  }
}

/** The pages of ID-porten and Ansattporten are on the host `login` in the domain of the issuer. */
function loginOrigins({ environment, issuer }: Preset): readonly string[] | undefined {
  return environment === 'local' ? undefined : [issuer.replace('https://', 'https://login.')]
}

function checked(options: BackChannelOptions): BackChannelOptions {
  const { clientIds, jwks, jwksUri, algorithms, clockToleranceSeconds, fetch, ...rest } = options
  refuseUnknown(rest)
  const isText = (text: unknown) => typeof text === 'string' && text !== ''
  const areClients = Array.isArray(clientIds) && clientIds.length > 0 && clientIds.every(isText)
  const areAlgorithms = algorithms === undefined || (algorithms.length > 0 && algorithms.every((name) => ALGORITHMS.has(name)))
  const isTolerance = clockToleranceSeconds === undefined || isWithin(clockToleranceSeconds, 0, 300)
  if (!areClients || !areAlgorithms || !isTolerance) throw driverError('misuse_back_channel')
  if (jwksUri !== undefined && (jwks !== undefined || !isIssuer(jwksUri))) throw driverError('misuse_back_channel')
  return options
}

const ALGORITHMS = new Set<string>(['RS256', 'PS256', 'ES256', 'EdDSA'])

function isStore(store: Partial<LogoutStore> | undefined): boolean {
  return [store?.revoke, store?.isRevoked, store?.useOnce].every((member) => typeof member === 'function')
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

/** TLS, except on this machine. */
function isIssuer(text: string): boolean {
  const url = parsed(text)
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))
}

/** An origin and nothing else: no path, and no wildcard either, which would let anybody frame the endpoint. */
function isOrigin(text: string): boolean {
  return isIssuer(text) && parsed(text)?.origin === text && !text.includes('*')
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/

function parsed(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
