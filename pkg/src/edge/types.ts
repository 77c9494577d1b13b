import type { Algorithm, JsonWebKeySet } from '../claims.js'
import type { Preset } from '../presets.js'
import type { Fetch } from '../transport.js'

/**
 * Where ended sessions are remembered.
 *
 * A session is named by a text of 43 characters (see `logoutSession`), a moment by seconds since 1970. Every member
 * may be called any number of times with the same arguments.
 */
export interface LogoutStore {
  /** Remembers until then that the session has ended. */
  revoke(session: string, expiresAt: number): Promise<void>
  /** Whether the session has ended. */
  isRevoked(session: string): Promise<boolean>
  /** Remembers until then that the logout token was used. Tells whether this is the first time. */
  useOnce(token: string, expiresAt: number): Promise<boolean>
  /**
   * Tells as soon as the session has ended, or that it has not, after so many milliseconds or when the signal comes.
   *
   * For stores that know better than to be asked again and again. Default: `isRevoked` is asked at intervals.
   */
  waitUntilRevoked?(session: string, milliseconds: number, signal: AbortSignal): Promise<boolean>
  /** How often `isRevoked` is asked for a tab that listens, in milliseconds. Default: 1000. */
  readonly pollMilliseconds?: number
}

/** The services whose logouts can be heard. */
export type LogoutService = 'idporten' | 'ansattporten'

/** How logouts that the provider posts are judged. OpenID Connect Back-Channel Logout. */
export interface BackChannelOptions {
  /** The clients whose logouts are heard: a logout token must be for one of them, and for nobody else. */
  clientIds: readonly [string, ...string[]]
  /** The issuer's keys. Nothing is fetched then. Default: they are fetched when the first logout token comes. */
  jwks?: JsonWebKeySet
  /** Where the issuer's keys are. Default: its metadata tell. */
  jwksUri?: string
  /** The signature algorithms that are accepted. Default: RS256. */
  algorithms?: readonly Algorithm[]
  /** How far the clocks of issuer and endpoint may be apart, in seconds, from 0 to 300. Default: 60. */
  clockToleranceSeconds?: number
  /** What sends the requests for keys. Default: the runtime's own `fetch`. */
  fetch?: Fetch
}

interface CommonOptions {
  /** Where ended sessions are remembered. Several endpoints may share one. */
  store: LogoutStore
  /** Whether and how logouts that the provider posts are heard. Default: they are not, and POST is refused. */
  backChannel?: BackChannelOptions
  /**
   * How long a session can last at most, in seconds, from 7200 to 604800; so long it is remembered that it has ended.
   * Default: 7200, as ID-porten and Ansattporten have it.
   */
  sessionSeconds?: number
  /** How many tabs may listen at a time to this instance, from 1 to 1000000. The others have to ask. Default: 10000. */
  maxStreams?: number
  /** Gives the time in seconds since 1970. Default: the runtime's clock. */
  clock?: () => number
  /**
   * Is told why a posted logout was refused, or that the store failed: for logs. What comes is a `PortvaktError`, or
   * what the store threw. Default: nobody is told.
   */
  onFailure?: (error: unknown) => void
}

/** What `createLogoutEndpoint` takes. */
export type LogoutEndpointOptions = CommonOptions &
  (
    | {
        /** Whose logouts are heard: ID-porten or Ansattporten. */
        issuer: Preset<LogoutService>
        /**
         * The origins that may frame the endpoint: those of the provider's login pages. Default: the login host of the
         * service. For a local one it must be said.
         */
        frameAncestors?: readonly [string, ...string[]]
      }
    | {
        /** Whose logouts are heard: any other provider, by its issuer. */
        issuer: string
        /** The origins that may frame the endpoint: those of the provider's login pages. */
        frameAncestors: readonly [string, ...string[]]
      }
  )

/** Answers a request. It can be called from any runtime's handler, and rejects only if `onFailure` throws. */
export type LogoutEndpoint = (request: Request) => Promise<Response>

/** Makes the endpoint. Throws `misuse_*` if an option cannot be. */
export type CreateLogoutEndpoint = (options: LogoutEndpointOptions) => LogoutEndpoint
