// Node with --expose-gc: how much memory a verifier holds after how many tokens.

import process from 'node:process'

import { ansattporten, createVerifier } from 'portvakt/verify'

import { data } from './data.mjs'

const [total, several] = process.argv.slice(2).map(Number)
const pool = data.pools.RS256.plain
const verifier = createVerifier({ issuer: ansattporten.test, ...data.policy, jwks: data.jwks, seenTokens: several })
const steps = [0.01, 0.1, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * total))
let done = 0
for (const step of steps) {
  for (; done < step; done += 1) await verifier.verify(pool[done % pool.length])
  globalThis.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  console.log(JSON.stringify({ done, heapUsed, external, rss }))
}
