import type { LogoutStore } from '../types.js'

/** The part of a Durable Object namespace that is used. */
export interface DurableObjectNamespaceLike {
  idFromName(name: string): unknown
  get(id: unknown): {
    fetch(url: string, init?: Init): Promise<{ readonly status: number; text(): Promise<string> }>
  }
}

interface Init {
  method?: string
  signal?: AbortSignal
}

/** The part of a Durable Object's state that is used. */
export interface DurableObjectStateLike {
  readonly storage: {
    get<T>(key: string): Promise<T | undefined>
    put(key: string, value: number): Promise<void>
    setAlarm(time: number): Promise<void>
    deleteAll(): Promise<void>
  }
}

/** What the only entry of an object is called: when it expires, in seconds since 1970. */
const EXPIRES_AT = 'expiresAt'

/** The longest that an object is asked to wait, in milliseconds, whatever the question says. */
const MAX_WAIT_MILLISECONDS = 30_000

/**
 * Remembers in Durable Objects, one for each session: strongly consistent, so that a tab hears of a logout at once,
 * wherever it is.
 *
 * The Worker exports the class {@link LogoutSessions} and binds a namespace to it.
 *
 * @param namespace The namespace, `env.LOGOUTS` by its binding.
 */
export function durableObjectStore(namespace: DurableObjectNamespaceLike): LogoutStore {
  const ask = async (name: string, question: string, init?: Init) => {
    const object = namespace.get(namespace.idFromName(name))
    const response = await object.fetch(`https://portvakt.invalid/${question}`, init)
    const answer = await response.text()
    if (response.status !== 200) throw new Error(`the Durable Object answered with status ${response.status}`)
    return answer === 'true'
  }
  return {
    async revoke(session, expiresAt) {
      await ask(`session:${session}`, `put?expiresAt=${expiresAt}`, { method: 'POST' })
    },
    isRevoked: (session) => ask(`session:${session}`, 'wait?milliseconds=0'),
    useOnce: (token, expiresAt) => ask(`token:${token}`, `put?expiresAt=${expiresAt}`, { method: 'POST' }),
    async waitUntilRevoked(session, milliseconds, signal) {
      try {
        return await ask(`session:${session}`, `wait?milliseconds=${Math.floor(milliseconds)}`, { signal })
      } catch (error) {
        if (signal.aborted) return false
        throw error
      }
    },
  }
}

/**
 * The Durable Object behind {@link durableObjectStore}; the Worker exports it.
 *
 * It holds one thing, that a session has ended or a logout token was used, and forgets it in time.
 */
export class LogoutSessions {
  readonly #storage: DurableObjectStateLike['storage']
  readonly #waiting = new Set<() => void>()

  constructor(state: DurableObjectStateLike, _env?: unknown) {
    this.#storage = state.storage
  }

  /** Answers the store. */
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/put' && request.method === 'POST') {
      return new Response(String(await this.#put(Number(searchParams.get('expiresAt')))))
    }
    if (pathname === '/wait' && request.method === 'GET') {
      const milliseconds = Math.min(Number(searchParams.get('milliseconds')), MAX_WAIT_MILLISECONDS)
      return new Response(String((await this.#has()) || (await this.#notified(milliseconds))))
    }
    return new Response('', { status: 404 })
  }

  /** Forgets everything: an object without anything in it is no more. */
  async alarm(): Promise<void> {
    if (!(await this.#has())) await this.#storage.deleteAll()
  }

  async #has(): Promise<boolean> {
    return ((await this.#storage.get<number>(EXPIRES_AT)) ?? 0) > Date.now() / 1000
  }

  /** Tells whether there was nothing before. */
  async #put(expiresAt: number): Promise<boolean> {
    const isFirst = !(await this.#has())
    await this.#storage.put(EXPIRES_AT, expiresAt)
    await this.#storage.setAlarm(Math.ceil(expiresAt * 1000))
    for (const tell of this.#waiting) tell()
    return isFirst
  }

  #notified(milliseconds: number): Promise<boolean> {
    if (!(milliseconds > 0)) return Promise.resolve(false)
    return new Promise((resolve) => {
      const end = (isRevoked: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(tell)
        resolve(isRevoked)
      }
      const tell = () => end(true)
      const timer = setTimeout(() => end(false), milliseconds)
      this.#waiting.add(tell)
    })
  }
}
