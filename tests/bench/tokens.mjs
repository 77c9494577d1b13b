// Tokens as Ansattporten issues them, signed with another implementation than those that are measured.

import { generateKeyPairSync, sign } from 'node:crypto'

export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')

const signers = {
  RS256: { kid: 'rsa', pair: rsa, sign: (input) => sign('sha256', input, rsa.privateKey) },
  ES256: { kid: 'ec', pair: p256, sign: (input) => sign('sha256', input, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' }) },
  EdDSA: { kid: 'ed', pair: ed25519, sign: (input) => sign(null, input, ed25519.privateKey) },
}

export const ISSUER = 'https://test.ansattporten.no'
export const AUDIENCE = 'https://api.example'
const RESOURCE = 'urn:altinn:resource:demo-post'

/** The key of an algorithm as SPKI. */
export const pem = (alg) => signers[alg].pair.publicKey.export({ format: 'pem', type: 'spki' })

/** A set with the keys of all three algorithms, and as many of others beside them as are asked for. */
export function jwks(others = 0) {
  const keys = Object.entries(signers).map(([alg, { kid, pair }]) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg }))
  for (let index = 0; index < others; index += 1) {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    keys.unshift({ ...publicKey.export({ format: 'jwk' }), kid: `other-${index}`, use: 'sig', alg: 'ES256' })
  }
  return { keys }
}

const organisation = (number) => ({ authority: 'iso6523-actorid-upis', ID: `0192:${number}` })

/** Synthetic numbers, with their check digits. */
function* organisationNumbers() {
  const weights = [3, 2, 7, 6, 5, 4, 3, 2]
  for (let start = 31_000_000; ; start += 1) {
    const digits = [...String(start)].map(Number)
    const rest = digits.reduce((sum, digit, place) => sum + digit * weights[place], 0) % 11
    if (rest !== 1) yield `${start}${rest === 0 ? 0 : 11 - rest}`
  }
}

/**
 * A token of its own `jti`.
 *
 * `audience` makes one by RFC 9068, of the same size but for that: some peers take no other.
 */
export function token(alg, jti, { parties = 2, filler = 0, audience = false } = {}) {
  const now = Math.floor(Date.now() / 1000)
  const numbers = organisationNumbers()
  const party = () => ({
    orgno: organisation(numbers.next().value),
    resource: 'demo-post',
    name: 'SYNTETISK PRØVE AS',
    unit_type: 'AS',
    actions: ['read', 'write'],
  })
  const claims = {
    iss: ISSUER,
    sub: 'x9WJ0s0mePairwiseSubjectValue',
    pid: '15868510045',
    acr: 'high',
    amr: ['TestID'],
    scope: 'openid example:api',
    client_id: 'client-1',
    consumer: organisation('310000019'),
    jti,
    iat: now - 5,
    exp: now + 6 * 60 * 60,
    authorization_details: [
      { type: 'ansattporten:altinn:resource', resource: RESOURCE, authorized_parties: Array.from({ length: parties }, party) },
    ],
    ...(filler > 0 && { filler: 'x'.repeat(filler) }),
    ...(audience && { aud: AUDIENCE }),
  }
  const header = { alg, kid: signers[alg].kid, typ: audience ? 'at+jwt' : 'JWT' }
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${input}.${signers[alg].sign(Buffer.from(input)).toString('base64url')}`
}

/** What an Ansattporten API would ask of its tokens. */
export const policy = {
  audience: null,
  requiredScope: ['example:api'],
  representation: { type: 'ansattporten:altinn:resource', resource: RESOURCE, actions: ['read'] },
}

/** How many different tokens there are: one for each of those that are verified at once. */
export const POOL = 100

/** All that a program needs, as JSON. */
export function data() {
  const pools = {}
  for (const alg of ALGORITHMS) {
    const pool = (options) => Array.from({ length: POOL }, (_, index) => token(alg, `UPw8a6-uKGo-${index}`, options))
    pools[alg] = { plain: pool(), audience: pool({ audience: true }), pem: pem(alg) }
  }
  return { issuer: ISSUER, audience: AUDIENCE, policy, jwks: jwks(), pools }
}
