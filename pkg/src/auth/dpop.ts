import { base64url } from '../base64url.js'

/** The keys that tokens are bound to (RFC 9449), and the public one as the core reads it. */
export interface ProofKeys {
  readonly pair: CryptoKeyPair
  readonly publicKey: string
}

/** Makes keys, of which the private one cannot be read out of the browser. */
export async function createProofKeys(): Promise<ProofKeys> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  return { pair, publicKey: await publicKey(pair) }
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
