import crypto, { constants, generateKeyPairSync, sign } from 'node:crypto'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'

import { codeOf, compared } from '../outcome.mjs'
import { here } from '../project.mjs'

/**
 * `verify` lets `node:crypto` answer for signatures, or WebCrypto where that is all there is, and `verifySync` the module:
 * whatever comes, they must say the same.
 */
export async function agreement(project) {
  const node = await import(join(project, 'node_modules/portvakt/dist/entry/verify.js'))
  const web = await asInWorkerd(project)
  const asked = [mock.method(crypto, 'verify'), mock.method(globalThis.crypto.subtle, 'verify')]
  const codes = new Map()
  const together = []
  const judged = async ({ name, key, token, is }) => {
    const options = {
      issuer: node.idporten.test,
      audience: null,
      clientIds: ['client-1'],
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      jwks: { keys: [key] },
      clock: () => NOW,
    }
    const [verifier, onWeb] = [node, web].map(({ createVerifier }) => createVerifier(options))
    const computed = await codeOf(() => verifier.verifySync(token))
    const [byNode, byWeb] = [await codeOf(() => verifier.verify(token)), await codeOf(() => onWeb.verify(token))]
    codes.set(computed, (codes.get(computed) ?? 0) + 1)
    together.push({ verifier, token, computed })
    if (byNode !== computed || byWeb !== computed) return { name, failure: `${byNode}, ${byWeb}, ${computed}` }
    // What is signed is no token in the vectors, so that a good signature leads to the next refusal.
    const isGood = computed !== 'token_signature_invalid'
    return is === undefined || is === isGood ? { name } : { name, failure: computed }
  }
  // The first of a process are answered by the module in both ways.
  const options = { issuer: node.idporten.test, audience: null, clientIds: ['client-1'], jwks: { keys: [] } }
  const first = node.createVerifier(options)
  for (let count = 0; count < 100; count += 1) await codeOf(() => first.verify(''))

  const results = []
  for (const one of [...own(), ...published()]) results.push(await judged(one))
  const [good, bad] = [codes.get('accepted') ?? 0, codes.get('token_signature_invalid') ?? 0]
  // All the same answer would be no agreement.
  results.push(good >= 4 && bad >= 100 ? { name: 'both answers were given' } : { name: 'both answers were given', failure: `${[...codes]}` })
  const whoWasAsked = (when) => {
    const [ofNode, ofWeb] = asked.map(({ mock }) => mock.calls.map(({ arguments: given }) => given))
    for (const { mock } of asked) mock.resetCalls()
    const ofKeys = ofNode.map(([, , { key, padding }]) => key.asymmetricKeyType + (padding ?? ''))
    results.push(compared(`node:crypto was asked${when}`, kinds(ofKeys), NODE_KINDS))
    results.push(compared(`WebCrypto was asked${when}`, kinds(ofWeb.map(([algorithm]) => algorithm.name ?? algorithm)), WEB_KINDS))
  }
  whoWasAsked('')
  // Those that come together are shared between the two.
  for (let first = 0; first < together.length; first += AT_ONCE) {
    const some = together.slice(first, first + AT_ONCE)
    const said = await Promise.all(some.map(({ verifier, token }) => codeOf(() => verifier.verify(token))))
    results.push(compared(`tokens that come together, from the ${first + 1}th`, said, some.map(({ computed }) => computed)))
  }
  whoWasAsked(' about those that come together')
  for (const { mock } of asked) mock.restore()
  return results
}

/** Somewhat more than are shared, so that there are some after those. */
const AT_ONCE = 100

/** Each once, in order. */
const kinds = (names) => [...new Set(names)].sort()

/** What `node:crypto` is asked about: types of keys, and the padding where there is a choice. */
const NODE_KINDS = ['ec', 'ed25519', 'rsa', `rsa${constants.RSA_PKCS1_PSS_PADDING}`]

/** What WebCrypto is asked about, by its names. */
const WEB_KINDS = ['ECDSA', 'Ed25519', 'RSA-PSS', 'RSASSA-PKCS1-v1_5']

/** The package as it is in workerd, where WebCrypto is asked about every algorithm: that is found out when it is loaded. */
async function asInWorkerd(project) {
  const copy = join(project, 'webcrypto')
  cpSync(join(project, 'node_modules/portvakt'), copy, { recursive: true })
  const { getBuiltinModule } = process
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  process.getBuiltinModule = undefined
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Cloudflare-Workers' }, configurable: true })
  try {
    return await import(join(copy, 'dist/entry/verify.js'))
  } finally {
    process.getBuiltinModule = getBuiltinModule
    delete globalThis.navigator
    if (navigator !== undefined) Object.defineProperty(globalThis, 'navigator', navigator)
  }
}

const NOW = 1_790_000_060

/** Signatures by another implementation, whole and in pieces. */
function* own() {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ed25519 = generateKeyPairSync('ed25519')
  const pss = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }
  const signers = {
    RS256: [rsa, (input) => sign('sha256', input, rsa.privateKey)],
    PS256: [rsa, (input) => sign('sha256', input, { ...pss, saltLength: 32 })],
    ES256: [p256, (input) => sign('sha256', input, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' })],
    EdDSA: [ed25519, (input) => sign(null, input, ed25519.privateKey)],
  }
  for (const [alg, [pair, signed]] of Object.entries(signers)) {
    const key = pair.publicKey.export({ format: 'jwk' })
    const input = [{ alg }, CLAIMS].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const signature = signed(Buffer.from(input))
    const one = (name, bytes, is) => ({ name: `${alg}: ${name}`, key, token: `${input}.${Buffer.from(bytes).toString('base64url')}`, is })
    yield one('as signed', signature, true)
    yield one('nothing', [], false)
    yield one('zeros', signature.map(() => 0), false)
    yield one('ones', signature.map(() => 0xff), false)
    yield one('too short', signature.subarray(1), false)
    yield one('too long', [0, ...signature], false)
    yield one('of something else', signed(Buffer.from('x')), false)
    for (let place = 0; place < signature.length; place += 3) {
      yield one(`changed at ${place}`, signature.map((byte, index) => (index === place ? byte ^ (1 << place % 8) : byte)), false)
    }
    if (alg === 'PS256') yield one('with another salt', sign('sha256', Buffer.from(input), { ...pss, saltLength: 20 }), false)
  }
}

const CLAIMS = {
  iss: 'https://test.idporten.no',
  sub: 'x9WJ0s0mePairwiseSubjectValue',
  client_id: 'client-1',
  scope: 'openid',
  iat: NOW - 59,
  exp: NOW + 61,
}

/** Wycheproof's signed texts, where they are. */
function* published() {
  const file = join(here, '../../../shared/vectors/wycheproof/json_web_signature_test.json')
  if (!existsSync(file)) {
    console.log('skipped: agreement on the vectors of Wycheproof: they are not on this machine')
    return
  }
  for (const { comment, public: key, tests } of JSON.parse(readFileSync(file, 'utf8')).testGroups) {
    for (const { tcId, jws } of key === undefined ? [] : tests) yield { name: `Wycheproof ${tcId}, ${comment}`, key, token: jws }
  }
}
