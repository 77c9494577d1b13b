import { refuseUnknown } from '../../options.js'
import type { LogoutStore } from '../types.js'

/**
 * Sends one command and gives its reply, with whatever client there is:
 *
 * | client | |
 * |---|---|
 * | node-redis | `(command) => client.sendCommand(command)` |
 * | ioredis | `([name, ...rest]) => client.call(name, ...rest)` |
 * | Bun | `([name, ...rest]) => Bun.redis.send(name, rest)` |
 */
export type RedisCommand = (command: [name: string, ...rest: string[]]) => Promise<unknown>

/**
 * Remembers in Redis 6.2 or newer, Valkey, or what speaks as they do: all instances that share it know at once.
 *
 * A reader that is a replica may be behind. Every tab that listens asks once a second (`EXISTS`).
 *
 * @param command Sends a command.
 * @param options `prefix`: what the keys begin with; default `portvakt:`.
 */
export function redisStore(command: RedisCommand, options: { prefix?: string } = {}): LogoutStore {
  const { prefix = 'portvakt:', ...rest } = options
  refuseUnknown(rest)
  const until = (expiresAt: number) => ['EXAT', String(Math.ceil(expiresAt))] as const
  return {
    async revoke(session, expiresAt) {
      await command(['SET', `${prefix}session:${session}`, '1', ...until(expiresAt)])
    },
    async isRevoked(session) {
      return Number(await command(['EXISTS', `${prefix}session:${session}`])) === 1
    },
    async useOnce(token, expiresAt) {
      // Nothing is said if there was such a key.
      return (await command(['SET', `${prefix}token:${token}`, '1', 'NX', ...until(expiresAt)])) !== null
    },
  }
}
