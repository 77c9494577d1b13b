// How the time grows with what it is about.

import { execFileSync } from 'node:child_process'

import { median } from '../measure.mjs'
import { number, print, table } from '../report.mjs'
import { start } from '../runtimes/lines.mjs'
import { ISSUER, jwks, policy, token } from '../tokens.mjs'

/**
 * What grows, and through which values; the first is the usual. The last is as large as the limits allow (`docs/limits.md`): a
 * token with 600 such parties, or a set with 101 keys, is refused.
 */
const QUESTIONS = [
  ['number of parties that a token names', [2, 10, 100, 550], (parties) => ({ tokens: some(20, { parties }) })],
  ['kilobytes of a claim that nobody reads', [0, 4, 16, 64], (kilobytes) => ({ tokens: some(20, { filler: kilobytes * 1024 }) })],
  ['number of other keys in the set', [0, 10, 97], (others) => ({ jwks: jwks(others), tokens: some(20) })],
  ['number of tokens that are remembered, all asked for in turn', [1, 100, 10_000], (count) => ({ seen: 100_000, tokens: some(count) })],
]

/** Prints how long a reading takes, by how much there is to read: whoever starts the bench builds it. */
const { PORTVAKT_GROWTH: program } = process.env

export async function growth(project, sizes) {
  await ofTokens(project, sizes)
  ofAnswers(sizes)
}

async function ofTokens(project, { rounds, isSmoke, batchMilliseconds }) {
  const runtime = start('Node', project, 'growth.mjs')
  try {
    for (const [words, values, made] of QUESTIONS) {
      // Ten thousand tokens take a while to sign.
      const usable = isSmoke ? values.filter((value) => value < 1000) : values
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

/** What is not part of the package, and read by the same core: lists of dialogs, and of organisations to act for. */
function ofAnswers({ rounds }) {
  print('### In Rust, compiled for this machine, by what an answer lists\n')
  if (program === undefined) return print('Not measured: the program was not built.\n')
  const lines = execFileSync(program, [String(rounds)], { encoding: 'utf8' }).trim().split('\n').map((line) => JSON.parse(line))
  const name = { dialogs: 'dialogs on one page', parties: 'organisations in a token response' }
  print(
    table(
      ['what', 'how many', 'bytes', 'microseconds', 'for each'],
      lines.map(({ what, count, bytes, microseconds }) => [
        name[what],
        String(count),
        String(bytes),
        number(microseconds),
        number(microseconds / count),
      ]),
    ),
  )
  print()
}

function some(count, options) {
  return Array.from({ length: count }, (_, index) => token('RS256', `growth-${index}`, options))
}
