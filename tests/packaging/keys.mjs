// An issuer that signs whatever it is told to, with another implementation than the one that verifies.

import { generateKeyPairSync, sign } from 'node:crypto'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')

const signers = {
  RS256: { kid: 'rsa', sign: (input) => sign('sha256', input, rsa.privateKey) },
  ES256: { kid: 'ec', sign: (input) => sign('sha256', input, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' }) },
  EdDSA: { kid: 'ed', sign: (input) => sign(null, input, ed25519.privateKey) },
}

/** The public keys, as an issuer publishes them. */
export const jwks = {
  keys: [
    { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', use: 'sig' },
    { ...p256.publicKey.export({ format: 'jwk' }), kid: 'ec', use: 'sig' },
    { ...ed25519.publicKey.export({ format: 'jwk' }), kid: 'ed', use: 'sig', alg: 'EdDSA' },
  ],
}

/** The RSA key as Altinn publishes its own: ordinary base64 with padding. */
export const paddedJwks = {
  keys: jwks.keys.slice(0, 1).map((key) => ({ ...key, n: padded(key.n), e: padded(key.e) })),
}

/** Signs claims; what is in `header` replaces what the algorithm has. */
export function token(claims, { alg = 'RS256', ...header } = {}) {
  const signer = signers[alg]
  const input = [{ alg, kid: signer.kid, ...header }, claims].map((part) => encode(JSON.stringify(part))).join('.')
  return `${input}.${encode(signer.sign(Buffer.from(input)))}`
}

/** The token with one bit of its signature changed. */
export function tampered(text) {
  const [header, claims, signature] = text.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  bytes[0] ^= 1
  return [header, claims, encode(bytes)].join('.')
}

export function encode(bytes) {
  return Buffer.from(bytes).toString('base64url')
}

function padded(text) {
  return Buffer.from(text, 'base64url').toString('base64')
}

