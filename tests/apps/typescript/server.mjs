// Serves the built application: its page at every address that is no file, and what a real deployment would add.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'

import { ansattporten, createLogoutEndpoint, memoryStore } from 'portvakt/edge'

const { loginOrigin, ...config } = JSON.parse(process.env.PORTVAKT_CONFIG)

const logout = createLogoutEndpoint({
  issuer: ansattporten.local(config.ansattporten.issuer),
  frameAncestors: [loginOrigin],
  store: memoryStore(),
})

const file = (name, type) => ({ body: readFileSync(new URL(`dist/${name}`, import.meta.url)), type })
const page = file('index.html', 'text/html; charset=utf-8')
const files = {
  '/main.js': file('main.js', 'text/javascript; charset=utf-8'),
  '/config.json': { body: JSON.stringify(config), type: 'application/json' },
}

const services = [config.ansattporten.issuer, new URL(config.dialogporten).origin].join(' ')
const headers = {
  'cache-control': 'no-cache',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src 'self' ${services}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/portvakt/logout') return void hearLogout(request, response)
  const { body, type } = files[pathname] ?? page
  response.writeHead(200, { ...headers, 'content-type': type })
  response.end(body)
})

/** Carries a request to the endpoint of the package, and its answer back, for as long as the tab listens. */
async function hearLogout(incoming, outgoing) {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  const { method, headers, url } = incoming
  const request = new Request(new URL(url, `http://${headers.host}`), { method, headers, signal: gone.signal })
  const response = await logout(request)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) return void outgoing.end()
  const body = Readable.fromWeb(response.body)
  // The tab was closed.
  body.on('error', () => outgoing.destroy())
  outgoing.on('close', () => body.destroy())
  body.pipe(outgoing)
}

server.listen(0, '127.0.0.1', () => console.log(`listening on port ${server.address().port}`))
