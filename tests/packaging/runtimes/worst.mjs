import { generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'

import { codeOf } from '../outcome.mjs'

/** The most that one verification may take, all in the module, in milliseconds of the processor. */
const LIMIT_MILLISECONDS = 50

/** How often each is measured; the shortest counts, since the machine may be busy with other things. */
const TIMES = 5

const NOW = 1_790_000_060

/** A prime with nearly all of its bits set. The module takes one bit more, and node:crypto makes no such key. */
const LARGEST_EXPONENT = 2 ** 32 - 5

/** Tokens that take the most work, judged by the module alone: the largest, by the largest keys, in the largest sets. */
export async function run(project) {
  const { createVerifier } = await import(join(project, 'node_modules/portvakt/dist/entry/verify.js'))
  const results = []
  for (const { name, alg, jwks, token, code } of cases()) {
    const measure = async () => {
      const verifier = createVerifier({
        issuer: 'https://issuer.example',
        audience: 'https://api.example',
        algorithms: [alg],
        jwks,
        clock: () => NOW,
      })
      const start = process.cpuUsage()
      const ended = await codeOf(() => verifier.verifySync(token))
      const { user, system } = process.cpuUsage(start)
      if (ended !== code) throw new Error(`${name}: ${ended} is not ${code}`)
      return (user + system) / 1000
    }
    const took = []
    for (let time = 0; time < TIMES; time += 1) took.push(await measure())
    const [shortest, first] = [Math.min(...took), took[0]]
    console.log(`${name}: ${shortest.toFixed(1)} ms, ${first.toFixed(1)} ms the first time`)
    results.push(shortest <= LIMIT_MILLISECONDS ? { name } : { name, failure: `it took ${shortest} ms` })
  }
  return results
}

const CLAIMS = {
  iss: 'https://issuer.example',
  aud: 'https://api.example',
  sub: 'alice',
  client_id: 'client-1',
  jti: '1',
  iat: NOW - 59,
  exp: NOW + 61,
}

function* cases() {
  const largest = generateKeyPairSync('rsa', { modulusLength: 4096, publicExponent: LARGEST_EXPONENT })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 4096 })
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ed25519 = generateKeyPairSync('ed25519')
  const signers = {
    RS256: [largest, (input) => sign('sha256', input, largest.privateKey)],
    ES256: [p256, (input) => sign('sha256', input, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' })],
    EdDSA: [ed25519, (input) => sign(null, input, ed25519.privateKey)],
  }
  const filling = (part) => Array.from({ length: Math.floor(88_000 / (JSON.stringify(part).length + 1)) }, () => part)
  const forms = {
    'a small token': undefined,
    'a long text': 'x'.repeat(90_000),
    'a long list': filling(0),
    'lists in lists': filling(nested(29)),
    'objects with many members': filling(Object.fromEntries(Array.from({ length: 999 }, (_, n) => [(n * 7919) % 9973, 0]))),
    'long numbers': filling(1.7976931348623157e307),
    'escapes': '\u0001'.repeat(15_000),
  }
  for (const [alg, [pair, signed]] of Object.entries(signers)) {
    const key = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig' }
    // As many keys as a set may have, the right one last.
    const others = Array.from({ length: 99 }, (_, index) => ({ ...key, kid: `k${index}` }))
    for (const [form, x] of Object.entries(forms)) {
      const input = [{ alg, typ: 'at+jwt', kid: 'k' }, { ...CLAIMS, x }].map(encoded).join('.')
      const token = `${input}.${Buffer.from(signed(Buffer.from(input))).toString('base64url')}`
      yield { name: `${alg}, ${form}`, alg, jwks: { keys: [...others, key] }, token, code: 'accepted' }
    }
  }
  const key = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k' }
  const details = filling({ type: 'x', actions: ['read'] })
  const input = [{ alg: 'RS256', typ: 'at+jwt', kid: 'k' }, { ...CLAIMS, authorization_details: details }].map(encoded).join('.')
  const signature = sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')
  yield { name: 'RS256, many authorization_details', alg: 'RS256', jwks: { keys: [key] }, token: `${input}.${signature}`, code: 'accepted' }
  yield { name: 'RS256, too long a token', alg: 'RS256', jwks: { keys: [key] }, token: 'x'.repeat(1 << 20), code: 'token_too_large' }
}

/** Lists in lists, so many. */
function nested(depth) {
  return depth === 0 ? [] : [nested(depth - 1)]
}

function encoded(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
