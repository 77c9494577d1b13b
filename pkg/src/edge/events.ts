import type { Settings } from './settings.js'
import type { LogoutStore } from './types.js'

/**
 * How long nothing may be heard on a stream, in milliseconds.
 *
 * Bun gives up a connection that is silent for 10 seconds, and many proxies one that is silent for 30.
 */
const KEEP_ALIVE_MILLISECONDS = 8_000

/**
 * How long a stream lasts, in milliseconds, less up to a tenth by chance, so that the tabs do not all come back at once.
 *
 * Vercel's runtime cuts off after 300 seconds. The browser opens another by itself.
 */
const STREAM_MILLISECONDS = 240_000

/** How long a browser waits before it opens another, in milliseconds: a logout is heard in under two seconds. */
const RETRY_MILLISECONDS = 1_000

const POLL_MILLISECONDS = 1_000

/** The tabs that listen: streams of server-sent events, as many at a time as there may be. */
export class Streams {
  readonly #settings: Settings
  /** Until when each that is open can last. Some runtimes forget to say that a browser has gone. */
  readonly #open = new Map<symbol, number>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** A stream that tells when the session has ended; `undefined` if there are too many. */
  open(session: string): ReadableStream<Uint8Array> | undefined {
    const now = Date.now()
    if (this.#open.size >= this.#settings.maxStreams) this.#forget(now)
    if (this.#open.size >= this.#settings.maxStreams) return undefined
    const until = now + STREAM_MILLISECONDS * (1 - Math.random() / 10)
    const stream = Symbol()
    this.#open.set(stream, until)
    return streamOf(session, until, this.#settings, () => this.#open.delete(stream))
  }

  #forget(now: number): void {
    for (const [stream, until] of this.#open) if (until + KEEP_ALIVE_MILLISECONDS < now) this.#open.delete(stream)
  }
}

/** Asks only as fast as the browser reads, so that one that has gone costs nothing. */
function streamOf(session: string, until: number, settings: Settings, ended: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const gone = new AbortController()
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`retry: ${RETRY_MILLISECONDS}\n\n`)),
    async pull(controller) {
      const end = () => {
        ended()
        controller.close()
      }
      try {
        const patience = Math.max(0, Math.min(KEEP_ALIVE_MILLISECONDS, until - Date.now()))
        const isRevoked = await waitUntilRevoked(settings.store, session, patience, gone.signal)
        if (gone.signal.aborted) return
        // Data there must be, or the browser makes no event of it.
        controller.enqueue(encoder.encode(isRevoked ? 'event: logout\ndata: {}\n\n' : ': keep-alive\n\n'))
        if (isRevoked || Date.now() >= until) end()
      } catch (error) {
        if (gone.signal.aborted) return
        settings.onFailure(error)
        // The browser comes back, and by then the store may answer.
        end()
      }
    },
    cancel() {
      gone.abort()
      ended()
    },
  })
}

async function waitUntilRevoked(store: LogoutStore, session: string, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (store.waitUntilRevoked !== undefined) return store.waitUntilRevoked(session, milliseconds, signal)
  const until = Date.now() + milliseconds
  for (;;) {
    if (await store.isRevoked(session)) return true
    const rest = until - Date.now()
    if (rest <= 0 || signal.aborted) return false
    await sleep(Math.min(store.pollMilliseconds ?? POLL_MILLISECONDS, rest), signal)
  }
}

/** @internal Waits, but no longer than until the signal comes. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
