import { base64url } from '../base64url.js'

/** The keys that tokens are bound to (RFC 9449). The private one cannot be read out of the browser. */
export function createProofKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
}

/** The public key, as the core reads it. */
export async function publicKey({ publicKey }: CryptoKeyPair): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  return JSON.stringify({ kty, crv, x, y })
}

/** Signs what the core wants signed, and gives the proof. */
export async function proof({ privateKey }: CryptoKeyPair, signingInput: string): Promise<string> {
  const bytes = new TextEncoder().encode(signingInput)
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes)
  return `${signingInput}.${base64url(new Uint8Array(signature))}`
}
