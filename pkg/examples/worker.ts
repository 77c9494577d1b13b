// The other side of vite.ts: a Cloudflare Worker that serves only those who act for an organisation.

import { ansattporten, createVerifier, toResponse } from 'portvakt/verify'

const verifier = createVerifier({
  issuer: ansattporten.test,
  audience: null,
  requiredScope: ['example:api'],
  representation: { type: 'ansattporten:altinn:resource', resource: 'urn:altinn:resource:demo-post' },
})

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      const { organisations } = await verifier.verifyRequest(request)
      return Response.json({ organisations: organisations.map(({ number }) => number) })
    } catch (error) {
      return toResponse(error)
    }
  },
}
