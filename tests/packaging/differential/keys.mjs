// The keys that tokens are signed with: good ones, and such as nobody should take.

import { constants, createHash, generateKeyPairSync, sign } from 'node:crypto'

/** How each algorithm signs. */
const SIGNERS = {
  RS256: (input, key, hash = 'sha256') => sign(hash, input, key),
  PS256: (input, key, hash = 'sha256', saltLength = 32) =>
    sign(hash, input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
  ES256: (input, key, hash = 'sha256', dsaEncoding = 'ieee-p1363') => sign(hash, input, { key, dsaEncoding }),
  EdDSA: (input, key) => sign(null, input, key),
}

/** Which kind of key each algorithm takes. */
export const KINDS = { RS256: 'rsa', PS256: 'rsa', ES256: 'p256', EdDSA: 'ed25519' }

/** The algorithms, of which those that sign slowly come up less often. */
export const ALGORITHMS = ['ES256', 'ES256', 'ES256', 'EdDSA', 'EdDSA', 'EdDSA', 'EdDSA', 'RS256', 'PS256']

/** Signs with a pair of keys by an algorithm, or by a variant of it. */
export function signed(alg, input, pair, ...variant) {
  if (pair.forge !== undefined) return pair.forge(input)
  try {
    return SIGNERS[alg](input, pair.privateKey, ...variant)
  } catch {
    // A key of another kind, or too small for the salt.
    return Buffer.alloc(64, 7)
  }
}

const pair = (type, options) => {
  const { privateKey, publicKey } = generateKeyPairSync(type, options)
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }), secret: privateKey.export({ format: 'jwk' }) }
}

/** Two of each kind that is good: the issuer's and somebody else's. */
export const good = {
  rsa: [pair('rsa', { modulusLength: 2048 }), pair('rsa', { modulusLength: 2048 })],
  p256: [pair('ec', { namedCurve: 'P-256' }), pair('ec', { namedCurve: 'P-256' })],
  ed25519: [pair('ed25519'), pair('ed25519')],
}



/** Others, by the kind of algorithm that they claim to be for, each with its name. */
export const odd = {
  rsa: {
    'of 3072 bits': pair('rsa', { modulusLength: 3072 }),
    'of 4096 bits': pair('rsa', { modulusLength: 4096 }),
    'of 2056 bits': pair('rsa', { modulusLength: 2056 }),
    'of 1024 bits': pair('rsa', { modulusLength: 1024 }),
    'of 2040 bits': pair('rsa', { modulusLength: 2040 }),
    'of 4608 bits': pair('rsa', { modulusLength: 4608 }),
    'with the exponent 3': pair('rsa', { modulusLength: 2048, publicExponent: 3 }),
    'with the exponent 17': pair('rsa', { modulusLength: 2048, publicExponent: 17 }),
    'with the exponent 1': { ...good.rsa[0], jwk: { ...good.rsa[0].jwk, e: 'AQ' }, forge: (input) => encodedMessage(input, 256) },
  },
  p256: {
    'on P-384': pair('ec', { namedCurve: 'P-384' }),
    'on P-521': pair('ec', { namedCurve: 'P-521' }),
    'on secp256k1': pair('ec', { namedCurve: 'secp256k1' }),
    'off its curve': { ...good.p256[0], jwk: { ...good.p256[0].jwk, y: good.p256[1].jwk.y } },
    'of zeros': { ...good.p256[0], jwk: { ...good.p256[0].jwk, x: encode(Buffer.alloc(32)), y: encode(Buffer.alloc(32)) } },
    'not below the prime': { ...good.p256[0], jwk: { ...good.p256[0].jwk, x: encode(Buffer.alloc(32, 0xff)) } },
    'negated': { ...good.p256[0], jwk: { ...good.p256[0].jwk, y: negated(good.p256[0].jwk.y) } },
  },
  ed25519: {
    'on Ed448': pair('ed448'),
    'for X25519': { ...good.ed25519[0], jwk: pair('x25519').jwk },
    // Of small order, so that S·B = R + k·A holds for R = B and S = 1, whatever is signed.
    'of order 1': weak(Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])),
    'of order 2': weak(Buffer.from('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'hex')),
    'of order 4': weak(Buffer.alloc(32)),
    'of order 8': weak(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')),
    'not canonical': weak(Buffer.from('eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'hex')),
    'no point': weak(Buffer.alloc(32, 2)),
  },
}

/** What signs with a key of small order without any secret. */
function weak(encoded) {
  const base = Buffer.from('5866666666666666666666666666666666666666666666666666666666666666', 'hex')
  const signature = Buffer.concat([base, Buffer.from([1]), Buffer.alloc(31)])
  return { jwk: { kty: 'OKP', crv: 'Ed25519', x: encode(encoded) }, forge: () => signature }
}

/** What a signature of RS256 is when the exponent is 1: RFC 8017 §9.2. */
function encodedMessage(input, length) {
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const tail = Buffer.concat([Buffer.from([0]), info, createHash('sha256').update(input).digest()])
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(length - 2 - tail.length, 0xff), tail])
}

/** The other root: the point of the key with the opposite sign. */
function negated(y) {
  const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
  return encode(bytesOf(prime - numberOf(Buffer.from(y, 'base64url')), 32))
}

/** A big-endian number. */
export function numberOf(bytes) {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`)
}

/** A number as big-endian bytes of a length; what does not fit is cut off. */
export function bytesOf(number, length) {
  return Buffer.from(number.toString(16).padStart(length * 2, '0').slice(-length * 2), 'hex')
}

export function encode(bytes) {
  return Buffer.from(bytes).toString('base64url')
}
