export type { Algorithm, JsonWebKeySet } from '../claims.js'
export { type DurableObjectNamespaceLike, LogoutSessions, durableObjectStore } from '../edge/stores/durable-object.js'
export { type DenoKvLike, denoKvStore } from '../edge/stores/deno-kv.js'
export { memoryStore } from '../edge/stores/memory.js'
export { type RedisCommand, redisStore } from '../edge/stores/redis.js'
export { type KvNamespaceLike, workersKvStore } from '../edge/stores/workers-kv.js'
export { logoutSession } from '../edge/session.js'
export type {
  BackChannelOptions,
  LogoutEndpoint,
  LogoutEndpointOptions,
  LogoutService,
  LogoutStore,
} from '../edge/types.js'
export { type ErrorCode, type Fault, PortvaktError } from '../errors.js'
export { type Environment, type Preset, type Presets, type Service, ansattporten, idporten } from '../presets.js'
export type { Fetch } from '../transport.js'
