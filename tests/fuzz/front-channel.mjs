// Fuzzes the edge endpoint of front-channel logout, which reads its query in TypeScript: `node front-channel.mjs
// <seconds> [seed]`, with the built package in `pkg/dist`. There is no coverage to follow; the inputs are grown from
// good ones, by the rules of query strings.

import { createLogoutEndpoint } from '../../pkg/dist/entry/edge.js'

const ISSUER = 'https://test.idporten.no'
const ORIGIN = 'https://app.example'
const seconds = Number(process.argv[2] ?? 10)
let state = BigInt(process.argv[3] ?? Date.now())

/** SplitMix64: the same seed makes the same inputs. */
function below(bound) {
  state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn
  let mixed = state
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn
  return Number((mixed ^ (mixed >> 31n)) % BigInt(bound))
}
const choose = (from) => from[below(from.length)]

const NAMES = ['iss', 'sid', 'session', 'state', 'ISS', 'iss ', 'i%73s', 's%69d', '', 'iss[]', '__proto__']
const VALUES = [
  ISSUER,
  `${ISSUER}/`,
  `${ISSUER}//`,
  ISSUER.toUpperCase(),
  'https://idporten.no',
  encodeURIComponent(ISSUER),
  encodeURIComponent(encodeURIComponent(ISSUER)),
  '3vYp0SessionIdentifier',
  'a'.repeat(255),
  'a'.repeat(256),
  'a+b%20c',
  '%00',
  '%0d%0aset-cookie:%20a=b',
  '%E2%82%AC',
  '%FF',
  '%',
  '<script>',
  '',
  'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
]
const SEPARATORS = ['&', '&', '&', '&', ';', '&&', '?', '#', '&amp;']

function query() {
  let text = choose([`iss=${encodeURIComponent(ISSUER)}&sid=3vYp0SessionIdentifier`, '', ''])
  for (let count = below(5); count > 0; count -= 1) {
    text += choose(SEPARATORS) + choose(NAMES) + choose(['=', '=', '=', '==', '']) + choose(VALUES)
  }
  for (let count = below(3); count > 0; count -= 1) {
    const at = below(text.length + 1)
    const other = choose([String.fromCharCode(below(128)), choose(VALUES), ''])
    text = text.slice(0, at) + other + text.slice(at + below(2))
  }
  return text
}

/** What the query says to another reader: the form decoder written down in the URL Standard §5.1, on bytes. */
function parameters(url) {
  const at = url.indexOf('?')
  const query = at < 0 ? '' : url.slice(at + 1).split('#', 1)[0]
  const decoded = (text) => {
    const bytes = []
    for (let index = 0; index < text.length; index += 1) {
      const code = text.slice(index + 1, index + 3)
      if (text[index] === '%' && /^[0-9a-f]{2}$/i.test(code)) {
        bytes.push(Number.parseInt(code, 16))
        index += 2
      } else bytes.push(text[index] === '+' ? 0x20 : text.charCodeAt(index))
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
  }
  const pairs = query.split('&').filter((pair) => pair !== '')
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))]
  })
}

function assert(holds, what, url) {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(url)}`)
}

let revoked = []
const endpoint = createLogoutEndpoint({
  issuer: ISSUER,
  frameAncestors: ['https://login.test.idporten.no'],
  store: {
    revoke: async (session) => void revoked.push(session),
    isRevoked: async () => false,
    useOnce: async () => true,
  },
  onFailure: () => {},
})

const counts = new Map()
let executions = 0
const end = Date.now() + seconds * 1000
while (Date.now() < end) {
  for (let batch = 0; batch < 256; batch += 1) {
    const text = `${ORIGIN}/logout?${query()}`
    let request
    try {
      request = new Request(text)
    } catch {
      continue
    }
    revoked = []
    executions += 1
    const response = await endpoint(request)
    const kind = `${response.status}${revoked.length > 0 ? ' revoked' : ''}`
    counts.set(kind, (counts.get(kind) ?? 0) + 1)

    assert([200, 400, 414].includes(response.status), `status ${response.status}`, text)
    assert(response.headers.get('cache-control').includes('no-store'), 'may be cached', text)
    assert(response.headers.get('set-cookie') === null, 'sets a cookie', text)
    const body = await response.text()
    assert(['', 'OK', '{"loggedOut":false}'].includes(body), `answers ${body}`, text)

    const said = parameters(request.url)
    const values = (name) => said.filter(([other]) => other === name).map(([, value]) => value)
    const [iss, sid, session] = [values('iss'), values('sid'), values('session')]
    const isOrder =
      session.length === 0 &&
      iss.length === 1 &&
      sid.length === 1 &&
      (iss[0] === ISSUER || iss[0] === `${ISSUER}/`) &&
      /^[ -~]{1,255}$/.test(sid[0])
    assert(revoked.length === (isOrder && request.url.length <= 8192 ? 1 : 0), `${revoked.length} sessions ended`, text)
    assert(revoked.every((name) => /^[\w-]{43}$/.test(name)), 'the name of a session is no digest', text)
    if (iss.length + sid.length + session.length === 0) assert(body === 'OK', 'refuses who names nobody', text)
    if (iss.length > 1 || sid.length > 1) assert(response.status === 400, 'takes one of two', text)
  }
}
console.log(`front-channel.mjs: ${executions} executions`)
for (const [kind, count] of [...counts].sort()) console.log(`  ${kind}: ${count}`)
if (![...counts.keys()].some((kind) => kind.endsWith('revoked'))) throw new Error('no order to log out was made')
