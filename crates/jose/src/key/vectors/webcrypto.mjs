// Answers questions of standard input, one a line (algorithm, key, message and signature, the last two in hexadecimal),
// with a letter each: Y for yes, N for no, which is also that the key cannot be imported.

import { readFileSync } from 'node:fs'

const { subtle } = globalThis.crypto

const algorithms = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}

async function answer(question) {
  const [name, jwk, message, signature] = question.split(' ')
  const algorithm = algorithms[name]
  let key
  try {
    key = await subtle.importKey('jwk', JSON.parse(jwk), algorithm, false, ['verify'])
  } catch {
    return 'N'
  }
  const bytes = (hex) => Buffer.from(hex, 'hex')
  return (await subtle.verify(algorithm, key, bytes(signature), bytes(message))) ? 'Y' : 'N'
}

let answers = ''
for (const question of readFileSync(0, 'utf8').trimEnd().split('\n')) answers += await answer(question)
process.stdout.write(answers)
