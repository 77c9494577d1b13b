import { base64url } from '../base64url.js'
import type { Tabs } from './tabs.js'

/** What the name begins with in the tab's `sessionStorage`; the client follows. */
const PREFIX = 'portvakt.tab.'

/**
 * The secret that the open tabs of one client share: half of what opens their session.
 *
 * It lies in the `sessionStorage` of each tab, which a reload keeps and the tab's end removes. A new tab asks the
 * others for it.
 */
export class TabSecret {
  readonly #name: string
  readonly #tabs: Tabs

  constructor(client: string, tabs: Tabs) {
    this.#name = PREFIX + client
    this.#tabs = tabs
  }

  /** This tab's secret, if it has one. */
  own(): string | undefined {
    try {
      return sessionStorage.getItem(this.#name) ?? undefined
    } catch {
      return undefined
    }
  }

  /** This tab's secret, drawn now if it has none. Throws where there is no storage. */
  ensure(): string {
    const own = this.own()
    if (own !== undefined) return own
    const secret = base64url(crypto.getRandomValues(new Uint8Array(32)))
    sessionStorage.setItem(this.#name, secret)
    return secret
  }

  /** What this tab's secret opens, or that of another tab, which then is this one's too. */
  async tried<T>(open: (secret: string) => Promise<T | undefined>): Promise<T | undefined> {
    const own = this.own()
    const opened = own === undefined ? undefined : await open(own)
    if (opened !== undefined) return opened
    // Another tab has signed in since, or this one is new.
    return this.#tabs.askForSecret(async (secret) => {
      const opened = await open(secret)
      if (opened !== undefined) sessionStorage.setItem(this.#name, secret)
      return opened
    })
  }

  /** Forgets it: what it opened is gone. */
  forget(): void {
    try {
      sessionStorage.removeItem(this.#name)
    } catch {
      // Then there is none.
    }
  }
}
