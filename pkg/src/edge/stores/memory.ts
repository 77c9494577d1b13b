import { driverError } from '../../errors.js'
import { refuseUnknown } from '../../options.js'
import type { LogoutStore } from '../types.js'

/**
 * How many ended sessions are remembered: twelve a second for as long as a session can last. They take some 20 MB.
 */
const MAX_ENTRIES = 100_000

/**
 * Remembers in the memory of this process: for a single server, for development and for tests.
 *
 * Of several instances each knows only what it was told itself, and all is forgotten when one starts anew. When it is
 * full, what will expire soonest is forgotten first.
 *
 * @param options `maxEntries`: how many sessions, and how many logout tokens, are remembered; default 100000.
 * `clock`: gives the time in seconds since 1970; default the runtime's clock.
 */
export function memoryStore(options: { maxEntries?: number; clock?: () => number } = {}): LogoutStore {
  const { maxEntries = MAX_ENTRIES, clock = () => Date.now() / 1000, ...rest } = options
  refuseUnknown(rest)
  if (!Number.isInteger(maxEntries) || maxEntries < 1) throw driverError('misuse_logout_limits')
  const [sessions, tokens] = [new Entries(maxEntries), new Entries(maxEntries)]
  return {
    // Nothing but a look into a map: often is cheap.
    pollMilliseconds: 250,
    async revoke(session, expiresAt) {
      sessions.put(session, expiresAt, clock())
    },
    async isRevoked(session) {
      return sessions.has(session, clock())
    },
    async useOnce(token, expiresAt) {
      const isFirst = !tokens.has(token, clock())
      if (isFirst) tokens.put(token, expiresAt, clock())
      return isFirst
    },
  }
}

/** Names and when they expire, in the order in which they came, which is about that in which they expire. */
class Entries {
  readonly #max: number
  readonly #expiries = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  has(name: string, now: number): boolean {
    return (this.#expiries.get(name) ?? 0) > now
  }

  put(name: string, expiresAt: number, now: number): void {
    this.#expiries.delete(name)
    this.#expiries.set(name, expiresAt)
    for (const [oldest, expiry] of this.#expiries) {
      if (expiry > now && this.#expiries.size <= this.#max) break
      this.#expiries.delete(oldest)
    }
  }
}
