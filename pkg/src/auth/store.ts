import { driverError } from '../errors.js'

/** How many entries one tab keeps: more than anyone has under way in it. The oldest gives way. */
const MAX_ENTRIES = 8

/** How long an entry is kept, in seconds; the flows give up after the same time. */
const LIFETIME_SECONDS = 30 * 60

/** How the names begin that the flows choose. */
const NAMES = /^portvakt\.(login|logout)\./

/**
 * What has to survive the redirect, in the tab's own `sessionStorage`: put once, taken once.
 *
 * What is read back is as trustworthy as any other script of the origin, so the flows check it again.
 */
export class TabStore {
  readonly #clock: () => number

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Keeps an entry. Throws `environment_storage_unavailable`. */
  put(key: string, value: string): void {
    try {
      const storage = sessionStorage
      const now = this.#clock()
      const kept = Object.keys(storage)
        .filter((name) => NAMES.test(name))
        .map((name) => ({ name, expiresAt: Number.parseInt(storage.getItem(name) ?? '', 10) }))
        .sort((a, b) => b.expiresAt - a.expiresAt)
      for (const [place, { name, expiresAt }] of kept.entries()) {
        if (!(expiresAt > now) || place >= MAX_ENTRIES - 1) storage.removeItem(name)
      }
      storage.setItem(key, `${now + LIFETIME_SECONDS} ${value}`)
    } catch (error) {
      throw driverError('environment_storage_unavailable', error)
    }
  }

  /** Keeps an entry that says all by being there; without room for it, it is not. */
  note(key: string): void {
    try {
      this.put(key, '')
    } catch {
      // A reload goes unexplained.
    }
  }

  /** Takes an entry out: an entry is good for one answer, whatever comes of it. */
  take(key: string): string | undefined {
    try {
      const entry = sessionStorage.getItem(key)
      sessionStorage.removeItem(key)
      return entry?.slice(entry.indexOf(' ') + 1)
    } catch {
      return undefined
    }
  }
}
