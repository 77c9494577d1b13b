import { constants, generateKeyPairSync, sign } from 'node:crypto'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { here } from '../project.mjs'

/**
 * `verify` lets `node:crypto` answer for signatures, or WebCrypto where that is all there is, and `verifySync` the module:
 * whatever comes, they must say the same.
 */
export async function agreement(project) {
  const { module: node, loaded } = await watched(project)
  const web = await withoutNodeCrypto(project)
  const code = async (work) => {
    try {
      await work()
      return 'accepted'
    } catch (error) {
      if (error.name !== 'PortvaktError') throw error
      return error.code
    }
  }
  const codes = new Map()
  const compared = async ({ name, key, token, is }) => {
    const options = {
      issuer: node.idporten.test,
      audience: null,
      clientIds: ['client-1'],
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      jwks: { keys: [key] },
      clock: () => NOW,
    }
    const [verifier, onWeb] = [node, web].map(({ createVerifier }) => createVerifier(options))
    const computed = await code(() => verifier.verifySync(token))
    const [asked, askedOfWeb] = [await code(() => verifier.verify(token)), await code(() => onWeb.verify(token))]
    codes.set(asked, (codes.get(asked) ?? 0) + 1)
    if (asked !== computed || askedOfWeb !== computed) return { name, failure: `${asked}, ${askedOfWeb}, ${computed}` }
    // What is signed is no token in the vectors, so that a good signature leads to the next refusal.
    const isGood = asked !== 'token_signature_invalid'
    return is === undefined || is === isGood ? { name } : { name, failure: asked }
  }
  // The first of a process are answered by the module in both ways.
  const options = { issuer: node.idporten.test, audience: null, clientIds: ['client-1'], jwks: { keys: [] } }
  const first = node.createVerifier(options)
  for (let count = 0; count < 100; count += 1) await code(() => first.verify(''))

  const results = []
  for (const one of [...own(), ...published()]) results.push(await compared(one))
  const [good, bad] = [codes.get('accepted') ?? 0, codes.get('token_signature_invalid') ?? 0]
  // All the same answer would be no agreement.
  results.push(good >= 4 && bad >= 100 ? { name: 'both answers were given' } : { name: 'both answers were given', failure: `${[...codes]}` })
  results.push(loaded.length === 1 ? { name: 'node:crypto was asked' } : { name: 'node:crypto was asked', failure: `${loaded}` })
  return results
}

/** The package, and the modules that it asks the runtime for. */
async function watched(project) {
  const { getBuiltinModule } = process
  const loaded = []
  process.getBuiltinModule = (name) => {
    loaded.push(name)
    return getBuiltinModule(name)
  }
  try {
    return { module: await import(join(project, 'node_modules/portvakt/dist/entry/verify.js')), loaded }
  } finally {
    process.getBuiltinModule = getBuiltinModule
  }
}

/** The package as it is where there is no `node:crypto`: that is found out when it is loaded. */
async function withoutNodeCrypto(project) {
  const copy = join(project, 'webcrypto')
  cpSync(join(project, 'node_modules/portvakt'), copy, { recursive: true })
  const { getBuiltinModule } = process
  process.getBuiltinModule = undefined
  try {
    return await import(join(copy, 'dist/entry/verify.js'))
  } finally {
    process.getBuiltinModule = getBuiltinModule
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
