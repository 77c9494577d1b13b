// As logout-worker.ts, but with Node, and with Valkey or Redis by the client that you have (here ioredis).

import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { Redis } from 'ioredis'
import { ansattporten, createLogoutEndpoint, redisStore } from 'portvakt/edge'

const redis = new Redis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379')
const logout = createLogoutEndpoint({
  issuer: ansattporten.test,
  store: redisStore(([name, ...rest]) => redis.call(name, ...rest)),
  backChannel: { clientIds: ['my-client-id'] },
  onFailure: (error) => console.error(error),
})

const server = createServer(async (incoming, outgoing) => {
  const { method = 'GET', url = '/', headers } = incoming
  if (!url.startsWith('/portvakt/logout')) return outgoing.writeHead(404).end()
  const body = method === 'POST' ? { body: Readable.toWeb(incoming) as BodyInit, duplex: 'half' } : {}
  const accept = { accept: headers.accept ?? '', 'content-type': headers['content-type'] ?? '' }
  const answer = await logout(new Request(new URL(url, 'http://localhost'), { method, headers: accept, ...body }))
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
  // A tab that goes ends the stream, which is no failure.
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), outgoing).catch(() => {})
})
server.listen(Number(process.env['PORT'] ?? 8080))
