import { driverError } from '../errors.js'

/** How long a new tab waits for another to hand it the secret, in milliseconds. They answer within a few. */
const ANSWER_MILLISECONDS = 300

/** How long to wait for a tab that renews, in milliseconds: its request may take ten seconds, and a second one. */
const LOCK_MILLISECONDS = 30_000

/** What tabs tell each other. None of it is believed of other origins: they cannot send any. */
export type Message =
  /** The session in the database is another one, or was renewed. */
  | { kind: 'changed' }
  /** The session is over; `code` says why, unless the person signed out. */
  | { kind: 'ended'; id: string; code?: string | undefined }
  /** The person did something, in seconds since 1970. */
  | { kind: 'activity'; at: number }
  /** A new tab asks for the secret. */
  | { kind: 'ask' }
  /** The answer. */
  | { kind: 'secret'; secret: string }

/** The other tabs of the same client: a channel to them, and one thing at a time among them. */
export class Tabs {
  readonly #name: string
  readonly #hear: (message: Message) => void
  readonly #secret: () => string | undefined
  #channel: BroadcastChannel | undefined
  #answered: ((secret: string) => void) | undefined

  constructor(client: string, hear: (message: Message) => void, secret: () => string | undefined) {
    this.#name = `portvakt.${client}`
    this.#hear = hear
    this.#secret = secret
  }

  /** Hears the others from now on. */
  listen(): void {
    this.#opened()
  }

  /** Tells the others. */
  tell(message: Message): void {
    this.#opened().postMessage(message)
  }

  /** Does the work while no other tab does its own. Throws `transport_timed_out` if one does not come to an end. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    let hasBegun = false
    try {
      return await navigator.locks.request(this.#name, { signal: AbortSignal.timeout(LOCK_MILLISECONDS) }, () => {
        hasBegun = true
        return work()
      })
    } catch (error) {
      throw hasBegun ? error : driverError('transport_timed_out', error)
    }
  }

  /** Asks the others for the secret, and gives what the first answer opens that does; waits a short while. */
  async askForSecret<T>(open: (secret: string) => Promise<T | undefined>): Promise<T | undefined> {
    const opened = await new Promise<T | undefined>((resolve) => {
      // A tab that has not yet read the latest session may answer with the secret of the one before.
      this.#answered = async (secret) => {
        const found = await open(secret)
        if (found !== undefined) resolve(found)
      }
      setTimeout(resolve, ANSWER_MILLISECONDS)
      this.tell({ kind: 'ask' })
    })
    this.#answered = undefined
    return opened
  }

  /** Does the work in one tab only, as long as that lives, until the signal. */
  elect(what: string, signal: AbortSignal, work: () => Promise<void>): void {
    // Aborted while it waits, which is how it ends in all tabs but one.
    navigator.locks.request(`${this.#name} ${what}`, { signal }, work).catch(() => {})
  }

  /** The channel, which is opened when it is first needed. */
  #opened(): BroadcastChannel {
    if (this.#channel !== undefined) return this.#channel
    const channel = new BroadcastChannel(this.#name)
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'secret') return this.#answered?.(data.secret)
      if (data.kind !== 'ask') return this.#hear(data)
      const own = this.#secret()
      if (own !== undefined) this.tell({ kind: 'secret', secret: own })
    }
    this.#channel = channel
    return channel
  }
}
