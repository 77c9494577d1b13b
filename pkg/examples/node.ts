// As worker.ts, but with Node, and for one dialog: the dialog tokens of Dialogporten, with keys from the start.

import { createServer } from 'node:http'
import { createVerifier, dialogporten, toResponse } from 'portvakt/verify'

const verifier = createVerifier({ issuer: dialogporten.test, minimumLevel: 3 })
await verifier.hydrate()

const server = createServer(async (request, response) => {
  const dialogId = request.url?.slice('/dialogs/'.length) ?? ''
  try {
    const headers = new Headers({ authorization: request.headers.authorization ?? '' })
    const { actions } = await verifier.verifyRequest({ headers }, { dialogId, actions: ['read'] })
    response.end(JSON.stringify({ actions }))
  } catch (error) {
    const { status, headers } = toResponse(error)
    response.writeHead(status, Object.fromEntries(headers)).end()
  }
})
server.listen(Number(process.env['PORT'] ?? 8080))
