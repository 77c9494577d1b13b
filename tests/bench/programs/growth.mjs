// How the time for one token grows: commands as lines, in Node.

import process from 'node:process'
import { createInterface } from 'node:readline'

import * as jose from 'jose'
import { ansattporten, createVerifier } from 'portvakt/verify'

const made = new Map()

/** What is measured of one size: made once, then asked for in batches. */
async function prepared({ kind, policy, jwks, tokens, seen, issuer }) {
  const verifier = createVerifier({ issuer: ansattporten.test, ...policy, jwks, ...(seen && { seenTokens: seen }) })
  const keys = jose.createLocalJWKSet(jwks)
  for (const token of tokens) await verifier.verify(token)
  const verify = {
    verify: (token) => verifier.verify(token),
    verifySync: (token) => verifier.verifySync(token),
    jose: (token) => jose.jwtVerify(token, keys, { issuer, algorithms: ['RS256'] }),
  }[kind]
  return async (count) => {
    for (let index = 0; index < count; index += 1) await verify(tokens[index % tokens.length])
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, count, ...size } = JSON.parse(line)
  if (!made.has(name)) made.set(name, await prepared(size))
  const begin = performance.now()
  await made.get(name)(count ?? 0)
  process.stdout.write(`${JSON.stringify({ milliseconds: performance.now() - begin })}\n`)
}
