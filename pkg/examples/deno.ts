// As worker.ts, but with Deno, and for machines: tokens of Maskinporten, of two organisations and no supplier.

import { createVerifier, maskinporten, toResponse } from 'portvakt/verify'

const verifier = createVerifier({
  issuer: maskinporten.test,
  audience: null,
  requiredScope: ['example:api'],
  consumers: ['310000019', '310000027'],
  delegation: 'refused',
})

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      const { consumer } = await verifier.verifyRequest(request)
      return Response.json({ consumer })
    } catch (error) {
      return toResponse(error)
    }
  },
}
// deno serve --allow-net deno.ts
