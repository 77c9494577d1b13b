// As logout-worker.ts, but with Deno and Deno KV, which is watched: no tab asks again and again.

import { ansattporten, createLogoutEndpoint, denoKvStore } from 'portvakt/edge'
import type { DenoKvLike } from 'portvakt/edge'

declare const Deno: { openKv(path?: string): Promise<DenoKvLike> }

const logout = createLogoutEndpoint({
  issuer: ansattporten.test,
  store: denoKvStore(await Deno.openKv()),
  backChannel: { clientIds: ['my-client-id'] },
  onFailure: (error) => console.error(error),
})

export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === '/portvakt/logout') return logout(request)
    return new Response('Not found', { status: 404 })
  },
}
// deno serve --unstable-kv --allow-net logout-deno.ts
