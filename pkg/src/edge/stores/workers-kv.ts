import { refuseUnknown } from '../../options.js'
import type { LogoutStore } from '../types.js'

/** The part of a KV namespace of Cloudflare Workers that is used. */
export interface KvNamespaceLike {
  get(key: string): Promise<string | null>
  put(key: string, value: string, options: { expiration: number }): Promise<void>
}

/** The soonest that KV lets an entry expire, in seconds from now, with a second for the way. */
const SOONEST_SECONDS = 61

/**
 * Remembers in Workers KV.
 *
 * KV is eventually consistent: a location that has lately been asked about a session hears of its end after up to a
 * minute, and not in under two seconds. Two logout tokens with the same `jti` may both be taken within that time,
 * which changes nothing. Take `durableObjectStore` where it matters when a tab hears of it.
 *
 * @param kv The namespace, `env.LOGOUTS` by its binding.
 * @param options `prefix`: what the keys begin with; default `portvakt:`.
 */
export function workersKvStore(kv: KvNamespaceLike, options: { prefix?: string } = {}): LogoutStore {
  const { prefix = 'portvakt:', ...rest } = options
  refuseUnknown(rest)
  const has = async (key: string) => Number((await kv.get(key)) ?? 0) > Date.now() / 1000
  const put = (key: string, expiresAt: number) => {
    const expiration = Math.ceil(Math.max(expiresAt, Date.now() / 1000 + SOONEST_SECONDS))
    return kv.put(key, String(expiresAt), { expiration })
  }
  return {
    // It would not know sooner, and every question costs.
    pollMilliseconds: 8_000,
    revoke: (session, expiresAt) => put(`${prefix}session:${session}`, expiresAt),
    isRevoked: (session) => has(`${prefix}session:${session}`),
    async useOnce(token, expiresAt) {
      const key = `${prefix}token:${token}`
      if (await has(key)) return false
      await put(key, expiresAt)
      return true
    },
  }
}
