import { refuseUnknown } from '../../options.js'
import { sleep } from '../events.js'
import type { LogoutStore } from '../types.js'

/** The part of Deno KV that is used. */
export interface DenoKvLike {
  get(key: string[]): Promise<{ value: unknown }>
  set(key: string[], value: unknown, options: { expireIn: number }): Promise<unknown>
  atomic(): DenoKvAtomicLike
  watch(keys: string[][]): ReadableStream<{ value: unknown }[]>
}

/** The part of an atomic operation of Deno KV that is used. */
export interface DenoKvAtomicLike {
  check(check: { key: string[]; versionstamp: null }): DenoKvAtomicLike
  set(key: string[], value: unknown, options: { expireIn: number }): DenoKvAtomicLike
  commit(): Promise<{ ok: boolean }>
}

/**
 * Remembers in Deno KV: strongly consistent, and watched, so that a tab hears of a logout at once.
 *
 * @param kv What `Deno.openKv()` gives.
 * @param options `prefix`: what the keys begin with; default `portvakt`.
 */
export function denoKvStore(kv: DenoKvLike, options: { prefix?: string } = {}): LogoutStore {
  const { prefix = 'portvakt', ...rest } = options
  refuseUnknown(rest)
  const session = (name: string) => [prefix, 'session', name]
  // Deno KV forgets some time after the moment that it was told.
  const isValid = (expiresAt: unknown) => typeof expiresAt === 'number' && expiresAt > Date.now() / 1000
  const expiry = (expiresAt: number) => ({ expireIn: Math.max(1, Math.ceil(expiresAt * 1000 - Date.now())) })
  return {
    async revoke(name, expiresAt) {
      await kv.set(session(name), expiresAt, expiry(expiresAt))
    },
    async isRevoked(name) {
      return isValid((await kv.get(session(name))).value)
    },
    async useOnce(token, expiresAt) {
      const key = [prefix, 'token', token]
      const put = kv.atomic().check({ key, versionstamp: null }).set(key, expiresAt, expiry(expiresAt))
      return (await put.commit()).ok
    },
    async waitUntilRevoked(name, milliseconds, signal) {
      const reader = kv.watch([session(name)]).getReader()
      const isOver = sleep(milliseconds, signal).then(() => 'over' as const)
      try {
        for (;;) {
          const seen = await Promise.race([reader.read(), isOver])
          if (seen === 'over' || seen.done) return false
          if (isValid(seen.value[0]?.value)) return true
        }
      } finally {
        await reader.cancel()
      }
    },
  }
}
