// The store takes what Deno's own types have.

import { ansattporten, createLogoutEndpoint, denoKvStore } from 'portvakt/edge'

const store = denoKvStore(await Deno.openKv(), { prefix: 'my-service' })
const endpoint = createLogoutEndpoint({ issuer: ansattporten.prod, store })

export default { fetch: (request) => endpoint(request) } satisfies Deno.ServeDefaultExport
