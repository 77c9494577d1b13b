// How the time for one token grows with what it is about.

import { median } from '../measure.mjs'
import { number, print, table } from '../report.mjs'
import { start } from '../runtimes/lines.mjs'
import { ISSUER, jwks, policy, token } from '../tokens.mjs'

/** What grows, and through which values; the first is the usual. */
const QUESTIONS = [
  ['number of parties that a token names', [2, 10, 100, 1000], (parties) => ({ tokens: some(20, { parties }) })],
  ['kilobytes of a claim that nobody reads', [0, 4, 16, 64], (kilobytes) => ({ tokens: some(20, { filler: kilobytes * 1024 }) })],
  ['number of other keys in the set', [0, 10, 97], (others) => ({ jwks: jwks(others), tokens: some(20) })],
  ['number of tokens that are remembered, all asked for in turn', [1, 100, 10_000], (count) => ({ seen: 100_000, tokens: some(count) })],
]

export async function growth(project, { rounds, isSmoke, batchMilliseconds }) {
  const runtime = start('Node', project, 'growth.mjs')
  try {
    for (const [words, values, made] of QUESTIONS) {
      const usable = isSmoke ? values.slice(0, 2) : values
      const sizes = usable.map((value) => [value, { policy, issuer: ISSUER, jwks: jwks(), ...made(value) }])
      print(`### In Node, RS256, by the ${words}\n`)
      print(table(['microseconds for a token', 'bytes', 'verify', 'verifySync', 'jose'], await rows(runtime, words, sizes, rounds, batchMilliseconds)))
      print()
    }
  } finally {
    runtime.stop()
  }
}

async function rows(runtime, words, sizes, rounds, batchMilliseconds) {
  const samples = new Map()
  for (const [value, size] of sizes) {
    for (const kind of ['verify', 'verifySync', 'jose']) {
      const name = `${words} ${value} ${kind}`
      await runtime.ask({ name, ...size, kind, count: size.tokens.length })
      const { milliseconds } = await runtime.ask({ name, count: 10 })
      samples.set(name, { count: Math.min(5000, Math.max(4, Math.round((10 * batchMilliseconds) / Math.max(milliseconds, 0.01)))), taken: [] })
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { count, taken }] of samples) {
      const { milliseconds } = await runtime.ask({ name, count })
      taken.push((milliseconds / count) * 1000)
    }
  }
  const cell = (value, kind) => number(median(samples.get(`${words} ${value} ${kind}`).taken))
  return sizes.map(([value, { tokens }]) => [
    String(value),
    String(tokens[0].length),
    ...['verify', 'verifySync', 'jose'].map((kind) => cell(value, kind)),
  ])
}

function some(count, options) {
  return Array.from({ length: count }, (_, index) => token('RS256', `growth-${index}`, options))
}
