// A Cloudflare Worker that hears of logouts at Ansattporten and tells the tabs: `logoutEvents: '/portvakt/logout'`.
// wrangler.toml: [[durable_objects.bindings]] name = "LOGOUTS", class_name = "LogoutSessions"
//                [[migrations]] tag = "v1", new_sqlite_classes = ["LogoutSessions"]

import { ansattporten, createLogoutEndpoint, durableObjectStore } from 'portvakt/edge'
import type { DurableObjectNamespaceLike, LogoutEndpoint } from 'portvakt/edge'

export { LogoutSessions } from 'portvakt/edge'

interface Env {
  LOGOUTS: DurableObjectNamespaceLike
}

let endpoint: LogoutEndpoint | undefined

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    endpoint ??= createLogoutEndpoint({
      issuer: ansattporten.test,
      store: durableObjectStore(env.LOGOUTS),
      backChannel: { clientIds: ['my-client-id'] },
      onFailure: (error) => console.error(error),
    })
    if (new URL(request.url).pathname === '/portvakt/logout') return endpoint(request)
    return new Response('Not found', { status: 404 })
  },
}
