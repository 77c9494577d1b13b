/** A session as it is kept, by the tabs of one client together. */
export interface Kept {
  /** Which session it is, at random; another login is another one, a renewal is not. */
  readonly id: string
  /** Counts how often the session was written, from 1. */
  readonly epoch: number
  /** When the person last did something in one of the tabs, in seconds since 1970. */
  readonly activity: number
  /** The session in the core's own words, tokens included. */
  readonly session: string
  /** What to ask for when the same is asked for again: the login's options, as JSON. */
  readonly request: string
  /** The keys that the tokens are bound to, if they are bound. */
  readonly proofKeys?: CryptoKeyPair
}

/** What of a session can be read without the tab's secret. */
export type Mark = Pick<Kept, 'id' | 'epoch' | 'activity'>

/** Where a client's session is kept. */
export interface Vault {
  /** Whether a reload finds the session again. */
  readonly persistence: 'sealed' | 'memory'
  /** Does what can be done before there is a session to write, while nobody waits for it. */
  prepare(): void
  /** The session's mark, which needs no secret. */
  mark(): Promise<Mark | undefined>
  /** The session, if this tab can open it. */
  read(): Promise<Kept | undefined>
  /** Keeps a session, in place of `before` alone if that is given; false if another was there. */
  write(kept: Kept, before?: Mark): Promise<boolean>
  /** Moves the last activity forward. */
  touch(activity: number): Promise<void>
  /** Forgets the session with this id, and no other. */
  clear(id: string): Promise<void>
}

/** Keeps a session for as long as the page lives. */
export class MemoryVault implements Vault {
  readonly persistence = 'memory'
  #kept: Kept | undefined

  prepare(): void {}

  async mark(): Promise<Mark | undefined> {
    return this.#kept
  }

  async read(): Promise<Kept | undefined> {
    return this.#kept
  }

  async write(kept: Kept, before?: Mark): Promise<boolean> {
    const isExpected = before === undefined || isSame(before, this.#kept)
    if (isExpected) this.#kept = kept
    return isExpected
  }

  async touch(activity: number): Promise<void> {
    if (this.#kept !== undefined) this.#kept = { ...this.#kept, activity: Math.max(activity, this.#kept.activity) }
  }

  async clear(id: string): Promise<void> {
    if (this.#kept?.id === id) this.#kept = undefined
  }
}

/** Whether a session is still as it was last seen. */
export function isSame(one: Mark | undefined, other: Mark | undefined): boolean {
  return one?.id === other?.id && one?.epoch === other?.epoch
}
