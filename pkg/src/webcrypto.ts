import { fromBase64url } from './base64url.js'
import type { Algorithm } from './claims.js'
import { driverError } from './errors.js'

/** What the module asks: has the holder of this key made this signature over this text? */
export interface SignatureQuestion {
  algorithm: Algorithm
  /** The public members of the key, as JSON. */
  key: string
  /** What is signed, in ASCII. */
  signingInput: string
  /** In base64url. */
  signature: string
}

/** The answer, in the words of the module. */
export type SignatureAnswer = 'yes' | 'no'

/** What importing and verifying take, in one. RFC 7518 §3.3, §3.4, §3.5 (the salt is as long as the hash); RFC 8037. */
const PARAMETERS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}

/** How many imported keys are kept. An issuer has two or three; the oldest gives way. */
const MAX_KEYS = 32

const imported = new Map<string, Promise<CryptoKey>>()

/**
 * Lets WebCrypto answer.
 *
 * Which keys and signatures are acceptable at all, the module has decided before it asks, so that every implementation
 * gives the same answer. Throws `environment_webcrypto_unavailable`.
 */
export async function answered(question: SignatureQuestion): Promise<SignatureAnswer> {
  // Only pages with TLS, and those of this machine, have it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
  if (subtle === undefined) throw driverError('environment_webcrypto_unavailable')
  const parameters = PARAMETERS[question.algorithm]
  let key: CryptoKey
  try {
    key = await keyOf(subtle, question)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') {
      throw driverError('environment_webcrypto_unavailable', error)
    }
    // Of a key that is no point of its curve some implementations say so here, and others that it has not signed.
    return 'no'
  }
  const signature = fromBase64url(question.signature)
  try {
    return (await subtle.verify(parameters, key, signature, new TextEncoder().encode(question.signingInput))) ? 'yes' : 'no'
  } catch {
    // Whatever stands in the way, nobody has said yes.
    return 'no'
  }
}

function keyOf(subtle: SubtleCrypto, question: SignatureQuestion): Promise<CryptoKey> {
  return keptKey(imported, question, (jwk) =>
    subtle.importKey('jwk', jwk, PARAMETERS[question.algorithm], false, ['verify']),
  )
}

/** The key of a question as an implementation wants it, made once. */
export function keptKey<K>(kept: Map<string, K>, { algorithm, key }: SignatureQuestion, make: (jwk: JsonWebKey) => K): K {
  const name = algorithm + key
  let found = kept.get(name)
  if (found === undefined) {
    found = make(JSON.parse(key) as JsonWebKey)
    for (const oldest of kept.keys()) {
      if (kept.size < MAX_KEYS) break
      kept.delete(oldest)
    }
    kept.set(name, found)
  }
  return found
}
