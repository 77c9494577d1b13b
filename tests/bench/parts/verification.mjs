// The time for one token, in every runtime.

import { measured } from '../measure.mjs'
import { Unavailable } from '../project.mjs'
import { number, print, table } from '../report.mjs'
import { start as startScript } from '../runtimes/lines.mjs'
import { start as startPage } from '../runtimes/page.mjs'
import { start as startWorker } from '../runtimes/worker.mjs'
import { ALGORITHMS } from '../tokens.mjs'

const RUNTIMES = {
  Node: (project) => startScript('Node', project),
  Deno: (project) => startScript('Deno', project),
  Bun: (project) => startScript('Bun', project),
  workerd: async (project) => ({ ...(await startWorker(project)), isTimedFromOutside: true }),
  Chromium: startPage,
}

const SCENARIOS = [
  ['new', 'tokens that were not seen before, one at a time', (name) => !REMEMBER.has(name)],
  ['together', 'tokens that were not seen before, 100 at once', (name) => !REMEMBER.has(name) && !name.includes('Sync') && !name.endsWith('alone')],
  ['again', 'the same token again', (name) => REMEMBER.has(name) || name === 'portvakt' || name === 'jose'],
]
/** Those that remember have nothing to do with tokens of a pool. */
const REMEMBER = new Set(['portvakt, seenTokens', 'fast-jwt, cache'])

export async function verification(project, sizes) {
  for (const [name, start] of Object.entries(RUNTIMES)) {
    let runtime
    try {
      runtime = await start(project)
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      print(`### ${name}\n\nNot measured: ${error.message}.\n`)
      continue
    }
    try {
      await inRuntime(name, runtime, sizes)
    } finally {
      await runtime.stop()
    }
  }
}

async function inRuntime(name, runtime, sizes) {
  const results = {}
  const all = {}
  for (const alg of ALGORITHMS) {
    const { contenders, failure } = await runtime.ask({ alg })
    if (failure !== undefined) throw new Error(`${name}: ${failure}`)
    all[alg] = contenders
  }
  for (const [scenario, words, isIn] of SCENARIOS) {
    for (const alg of ALGORITHMS) results[alg] = await measured(runtime, alg, scenario, all[alg].filter(isIn), sizes)
    const cells = (result) => (result === undefined ? ['–', '–', '–'] : [number(result.wall), number(result.cpu), number(result.ratio)])
    const names = all[ALGORITHMS[0]].filter(isIn)
    print(`### ${name}: ${words}\n`)
    print(
      table(
        ['microseconds for a token', ...ALGORITHMS.flatMap((alg) => [alg, 'CPU', '× jose'])],
        names.map((contender) => [contender, ...ALGORITHMS.flatMap((alg) => cells(results[alg].get(contender)))]),
      ),
    )
    print()
  }
}
