import { fromBase64url } from '../base64url.js'
import type { Algorithm } from '../claims.js'
import { type SignatureAnswer, type SignatureQuestion, keptKey } from '../webcrypto.js'

/** What is used of `node:crypto`. */
interface NodeCrypto {
  createPublicKey(key: { key: JsonWebKey; format: 'jwk' }): object
  verify(hash: string | null, data: Uint8Array, key: object, signature: Uint8Array): boolean
  hash?(algorithm: string, data: string, encoding: string): string
}

/**
 * `node:crypto`, where the runtime has it: it answers at once, and a WebCrypto in the same process takes two to three
 * times as long, because each of its answers goes through a queue and another thread.
 *
 * Asked of the runtime by name rather than imported, so that bundlers for browsers and workers find nothing to complain of.
 */
const node = (
  globalThis as { process?: { getBuiltinModule?: (name: string) => NodeCrypto | undefined } }
).process?.getBuiltinModule?.('node:crypto')

/**
 * Deno computes in software, in both: for P-256 its WebCrypto takes half the time of the other, and for RSA the module
 * takes half the time of either.
 */
const isDeno = 'Deno' in globalThis

/** Whether the module is the fastest to answer for all of these algorithms; `undefined` stands for RS256. */
export function isComputedHere(algorithms: unknown): boolean {
  const names = algorithms ?? ['RS256']
  return isDeno && Array.isArray(names) && names.every((name) => name === 'RS256' || name === 'PS256')
}

/** RFC 7518 §3.5 (the salt is as long as the hash), §3.4 (R and S side by side). */
const PARAMETERS: Record<Algorithm, { hash: string | null; [parameter: string]: string | number | null }> = {
  RS256: { hash: 'sha256' },
  PS256: { hash: 'sha256', padding: 6, saltLength: 32 },
  ES256: { hash: 'sha256', dsaEncoding: 'ieee-p1363' },
  EdDSA: { hash: null },
}

const keys = new Map<string, object>()

/** The answer at once; `undefined` where somebody else must be asked. */
export function answeredAtOnce(question: SignatureQuestion): SignatureAnswer | undefined {
  if (node === undefined || (isDeno && question.algorithm === 'ES256')) return undefined
  const { hash, ...parameters } = PARAMETERS[question.algorithm]
  let key: object
  try {
    key = keptKey(keys, question, (jwk) => ({ key: node.createPublicKey({ key: jwk, format: 'jwk' }), ...parameters }))
  } catch {
    return undefined
  }
  const signature = fromBase64url(question.signature)
  try {
    return node.verify(hash, new TextEncoder().encode(question.signingInput), key, signature) ? 'yes' : 'no'
  } catch {
    return 'no'
  }
}

/** The SHA-256 digest of a text at once; `undefined` where that is not to be had. */
export function digestAtOnce(text: string): string | undefined {
  return node?.hash?.('sha256', text, 'base64')
}
