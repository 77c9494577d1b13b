import type { Algorithm } from './claims.js'
import { driverError } from './errors.js'

/**
 * What a signature is checked with.
 *
 * Implementations remember what they have made of it, by the object.
 */
export interface SigningKey {
  algorithm: Algorithm
  /** The public members of the key, as JSON. */
  key: string
}

/** The answer, in the words of the module. */
export type SignatureAnswer = 'yes' | 'no'

/** What importing takes. RFC 7518 §3.3, §3.4, §3.5; RFC 8037. */
const IMPORTED_AS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: 'Ed25519',
}

/** What verifying takes: no more than that, because all of it is read each time. The salt is as long as the hash. */
const VERIFIED_AS = {
  RS256: 'RSASSA-PKCS1-v1_5',
  PS256: { name: 'RSA-PSS', saltLength: 32 },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: 'Ed25519',
}

const imported = new WeakMap<SigningKey, CryptoKey | Promise<CryptoKey>>()

/**
 * Lets WebCrypto answer: has the holder of this key made this signature over this input?
 *
 * Which keys and signatures are acceptable at all, the module has decided before it asks, so that every implementation
 * gives the same answer. Throws `environment_webcrypto_unavailable`.
 *
 * With a key that was used before, WebCrypto is at work when this returns, and has made copies of the bytes, as its
 * specification has it; with others this does so.
 */
export async function answered(key: SigningKey, signingInput: Bytes, signature: Bytes): Promise<SignatureAnswer> {
  // Only pages with TLS, and those of this machine, have it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
  if (subtle === undefined) throw driverError('environment_webcrypto_unavailable')
  let known = imported.get(key)
  if (known === undefined || known instanceof Promise) {
    signingInput = signingInput.slice()
    signature = signature.slice()
    try {
      known = await (known ?? importing(subtle, key))
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotSupportedError') {
        throw driverError('environment_webcrypto_unavailable', error)
      }
      // Of a key that is no point of its curve some implementations say so here, and others that it has not signed.
      return 'no'
    }
  }
  try {
    return (await subtle.verify(VERIFIED_AS[key.algorithm], known, signature, signingInput)) ? 'yes' : 'no'
  } catch {
    // Whatever stands in the way, nobody has said yes.
    return 'no'
  }
}

type Bytes = Uint8Array<ArrayBuffer>

async function importing(subtle: SubtleCrypto, key: SigningKey): Promise<CryptoKey> {
  const running = subtle.importKey('jwk', JSON.parse(key.key) as JsonWebKey, IMPORTED_AS[key.algorithm], false, ['verify'])
  imported.set(key, running)
  const known = await running
  imported.set(key, known)
  return known
}
