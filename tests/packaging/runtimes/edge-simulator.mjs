import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { events, same } from '../edge/suite.mjs'

const { PORTVAKT_ISSUER: issuer, PORTVAKT_CLIENT_ID: clientId, PORTVAKT_PORT: port, PORTVAKT_SID: sid } = process.env

/**
 * An endpoint that the simulator posts a logout token to, with the keys that the simulator publishes: a tab hears of
 * it. Whoever runs this signs somebody in before, and out as soon as the endpoint answers.
 */
export async function run(project) {
  writeFileSync(join(project, 'server.mjs'), server)
  const endpoint = spawn(process.execPath, ['server.mjs'], { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] })
  const name = 'a tab hears of a logout that the provider posts'
  try {
    const ready = new Promise((resolve) => endpoint.stdout.once('data', resolve))
    const session = String(await ready).trim()
    const tab = events(
      await fetch(`http://localhost:${port}/portvakt/logout?session=${session}`, { headers: { accept: 'text/event-stream' } }),
    )
    same(await tab.next(), 'retry: 1000')
    for (;;) {
      const heard = await tab.next()
      if (heard === ': keep-alive') continue
      same(heard, 'event: logout\ndata: {}')
      return [{ name }]
    }
  } catch (error) {
    return [{ name, failure: String(error) }]
  } finally {
    endpoint.kill()
  }
}

const server = `
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ansattporten, createLogoutEndpoint, logoutSession, memoryStore } from 'portvakt/edge'
const logout = createLogoutEndpoint({
  issuer: ansattporten.local('${issuer}'),
  frameAncestors: ['http://127.0.0.1:1'],
  store: memoryStore(),
  backChannel: { clientIds: ['${clientId}'] },
  onFailure: (error) => console.error(error),
})
const server = createServer(async (request, response) => {
  const { method, headers } = request
  const body = method === 'POST' ? { body: Readable.toWeb(request), duplex: 'half' } : {}
  const answer = await logout(new Request('http://localhost' + request.url, { method, headers, ...body }))
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  await pipeline(Readable.fromWeb(answer.body), response).catch(() => {})
})
const session = await logoutSession('${issuer}', '${sid}')
server.listen(${port}, 'localhost', () => console.log(session))
`
