// The stores take what Cloudflare's own types have.

import { ansattporten, createLogoutEndpoint, durableObjectStore, workersKvStore } from 'portvakt/edge'

export { LogoutSessions } from 'portvakt/edge'

interface Env {
  LOGOUTS: DurableObjectNamespace
  KV: KVNamespace
}

export default {
  async fetch(request, env): Promise<Response> {
    const stores = [durableObjectStore(env.LOGOUTS), workersKvStore(env.KV, { prefix: 'my-service:' })]
    return createLogoutEndpoint({ issuer: ansattporten.prod, store: stores[0]! })(request)
  },
} satisfies ExportedHandler<Env>
