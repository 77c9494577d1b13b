import crypto, { generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { mock } from 'node:test'

import { jwks, token } from '../keys.mjs'
import { codeOf, compared } from '../outcome.mjs'

/** The limits of the TypeScript around the modules: what is at one is taken, one more is not. */
export async function run(project) {
  const dist = join(project, 'node_modules/portvakt/dist')
  const verify = await import(join(dist, 'entry/verify.js'))
  return [
    await rememberable(verify),
    await remembered(verify),
    await metadata(verify),
    await keySet(verify),
    await imported(verify),
    await stored(dist),
    await asked(dist),
    await waited(dist),
  ]
}

const MAX_SEEN_TOKENS = 100_000
const MAX_SEEN_CHARACTERS = 16 * 1024
const MAX_METADATA_BYTES = 64 * 1024
const MAX_JWKS_BYTES = 256 * 1024
const MAX_ENTRIES = 8
const MAX_BYTES = 1024
const MAX_WAIT_MILLISECONDS = 30_000

const ISSUER = 'https://issuer.example'
const NOW = 1_790_000_000

const settings = {
  issuer: ISSUER,
  audience: 'https://api.example',
  clock: () => NOW,
}

function accessToken(claims, header) {
  const usual = { iss: ISSUER, aud: 'https://api.example', sub: 'someone', client_id: 'client-1', jti: '1' }
  return token({ ...usual, iat: NOW, exp: NOW + 60, ...claims }, { typ: 'at+jwt', ...header })
}

async function rememberable({ createVerifier }) {
  const at = (seenTokens) => codeOf(() => createVerifier({ ...settings, jwks, seenTokens }))
  const codes = [await at(MAX_SEEN_TOKENS), await at(MAX_SEEN_TOKENS + 1)]
  return compared('a verifier remembers a hundred thousand tokens at most', codes, ['accepted', 'misuse_options'])
}

async function remembered({ createVerifier }) {
  const verifier = createVerifier({ ...settings, jwks, seenTokens: 10 })
  const isRemembered = async (length) => {
    const text = tokenOf(length)
    return (await verifier.verify(text)) === (await verifier.verify(text))
  }
  const found = [await isRemembered(MAX_SEEN_CHARACTERS), await isRemembered(MAX_SEEN_CHARACTERS + 1)]
  return compared('tokens that fit into a request are remembered, and none that is longer', found, [true, false])
}

/** A good token of so many characters: four of base64url are three bytes, so that one header does not make every length. */
function tokenOf(length) {
  for (const cty of ['a', 'ab', 'abc']) {
    const text = (filler) => accessToken({ filler: 'x'.repeat(filler) }, { cty })
    const filler = Math.floor(((length - text(0).length) * 3) / 4)
    for (const near of [filler, filler + 1, filler + 2]) if (text(near).length === length) return text(near)
  }
  throw new Error(`no token has ${length} characters`)
}

async function metadata({ createVerifier }) {
  const at = (size) => codeOf(() => createVerifier({ ...settings, fetch: issuer({ metadataBytes: size }) }).hydrate())
  const codes = [await at(MAX_METADATA_BYTES), await at(MAX_METADATA_BYTES + 1)]
  return compared('metadata are read up to 64 KiB', codes, ['accepted', 'transport_too_large'])
}

async function keySet({ createVerifier }) {
  const at = (size) => codeOf(() => createVerifier({ ...settings, fetch: issuer({ jwksBytes: size }) }).hydrate())
  const codes = [await at(MAX_JWKS_BYTES), await at(MAX_JWKS_BYTES + 1)]
  return compared('keys are read up to 256 KiB', codes, ['accepted', 'transport_too_large'])
}

/** An issuer whose answers are as large as they are told to be. */
function issuer({ metadataBytes = 0, jwksBytes = 0 }) {
  return async (url) => {
    const isMetadata = url.endsWith('/.well-known/openid-configuration')
    const text = isMetadata
      ? JSON.stringify({ issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }).padEnd(metadataBytes)
      : JSON.stringify(jwks).padEnd(jwksBytes)
    return new Response(text, { headers: { 'content-type': 'application/json' } })
  }
}

async function imported({ createVerifier }) {
  const keys = Array.from({ length: 33 }, (_, index) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const kid = `key-${index}`
    const [header, claims] = accessToken({}, { alg: 'EdDSA', kid }).split('.')
    const signature = sign(null, Buffer.from(`${header}.${claims}`), privateKey).toString('base64url')
    return { jwk: { ...publicKey.export({ format: 'jwk' }), kid }, text: `${header}.${claims}.${signature}` }
  })
  const verifier = createVerifier({ ...settings, algorithms: ['EdDSA'], jwks: { keys: keys.map(({ jwk }) => jwk) } })
  // The first of a process are answered by the module.
  for (let count = 0; count < 100; count += 1) await codeOf(() => verifier.verify(''))
  const made = mock.method(crypto, 'createPublicKey')
  const all = async (some) => {
    const before = made.mock.callCount()
    for (const { text } of some) await verifier.verify(text)
    return made.mock.callCount() - before
  }
  try {
    // How many there can be is the module's to limit: they are kept as long as the set is.
    return compared('each key of a set is imported once', [await all(keys), await all(keys)], [keys.length, 0])
  } finally {
    made.mock.restore()
  }
}

async function stored(dist) {
  const { TabStore } = await import(join(dist, 'auth/store.js'))
  const storage = storageOf()
  globalThis.sessionStorage = storage
  try {
    let now = NOW
    const store = new TabStore(() => now)
    const name = (number) => `portvakt.login.${number}`
    storage.setItem('theirs', 'stays')
    for (let number = 1; number <= MAX_ENTRIES; number += 1, now += 1) store.put(name(number), 'x')
    const kept = () => Object.keys(storage).filter((key) => key.startsWith('portvakt.')).length
    const before = [kept(), storage.getItem(name(1)) !== null]
    store.put(name(MAX_ENTRIES + 1), 'x')
    const after = [kept(), store.take(name(1)), store.take(name(2)), storage.getItem('theirs')]
    return compared('a tab keeps eight logins, and the oldest makes room', [before, after], [
      [MAX_ENTRIES, true],
      [MAX_ENTRIES, undefined, 'x', 'stays'],
    ])
  } finally {
    delete globalThis.sessionStorage
  }
}

async function asked(dist) {
  const { LogoutWatch } = await import(join(dist, 'auth/watch.js'))
  globalThis.window = { location: { href: 'https://app.example/' } }
  const channels = []
  const channel = globalThis.BroadcastChannel
  globalThis.BroadcastChannel = class {
    constructor(name) {
      channels.push(name)
    }
  }
  try {
    const isOver = async (size) => {
      const fetch = async () => new Response('{"loggedOut":true}'.padEnd(size))
      const ended = []
      const session = {
        current: { view: { claims: { sid: 'session-1' } } },
        failure: (code) => code,
        end: (code) => ended.push(code),
      }
      await new LogoutWatch({ clock: () => NOW, fetch }, session, ISSUER, '/logged-out').ask()
      return ended
    }
    const told = [await isOver(MAX_BYTES), await isOver(MAX_BYTES + 1)]
    return compared('what a logout endpoint says is read up to a kibibyte', told, [['session_ended_elsewhere'], []])
  } finally {
    globalThis.BroadcastChannel = channel
    delete globalThis.window
  }
}

async function waited(dist) {
  const { LogoutSessions } = await import(join(dist, 'edge/stores/durable-object.js'))
  const object = new LogoutSessions({ storage: { get: async () => undefined } })
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const isAnswered = async (milliseconds, passed) => {
      let answer
      const asked = object.fetch(new Request(`https://portvakt.invalid/wait?milliseconds=${milliseconds}`))
      asked.then(async (response) => (answer = await response.text()))
      await turns()
      mock.timers.tick(passed)
      await turns()
      const early = answer
      mock.timers.tick(milliseconds)
      await turns()
      return [early, answer]
    }
    const answers = [
      await isAnswered(MAX_WAIT_MILLISECONDS, MAX_WAIT_MILLISECONDS - 1),
      await isAnswered(MAX_WAIT_MILLISECONDS + 1, MAX_WAIT_MILLISECONDS),
    ]
    return compared('a question waits for thirty seconds at most', answers, [
      [undefined, 'false'],
      ['false', 'false'],
    ])
  } finally {
    mock.timers.reset()
  }
}

/** Lets everything happen that waits for nothing but its turn. */
async function turns() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** The part of the storage of a tab that is used; its entries are its own members, as a browser has them. */
function storageOf() {
  const methods = {
    getItem(name) {
      return Object.hasOwn(this, name) ? this[name] : null
    },
    setItem(name, value) {
      this[name] = String(value)
    },
    removeItem(name) {
      delete this[name]
    },
  }
  return Object.create(methods)
}
