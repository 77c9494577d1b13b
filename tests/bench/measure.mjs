// How samples are taken, and what is made of them.

import { cpuBetween } from './runtimes/cpu.mjs'

/** The median. */
export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** However fast one is. */
const MOST_IN_A_BATCH = 5000

/** Fewer would take less time than a request's own differs by. */
const LEAST_TRIED_FROM_OUTSIDE = 400

/**
 * Measures contenders in one runtime, interleaved: in each round each has one batch, so that whatever else the machine
 * does meets all of them.
 *
 * Gives, by contender, the microseconds for one token by the clock and by the processor, and the ratio of the first to
 * that of `jose`: the median of the ratios of the rounds.
 */
export async function measured(runtime, alg, scenario, names, { rounds, batchMilliseconds, trials, warm }) {
  const ask = async (contender, count) => {
    const before = runtime.cpu()
    const answer = await runtime.ask({ alg, contender, scenario, count })
    if (answer.failure !== undefined) throw new Error(`${contender}: ${answer.failure}`)
    return { wall: answer.milliseconds, cpu: cpuBetween(before, runtime.cpu()) }
  }
  const idle = async () => (await runtime.ask({ alg, contender: names[0], scenario: 'nothing', count: 0 })).milliseconds
  // What is timed from outside takes some time for nothing.
  const nothing = async () => (runtime.isTimedFromOutside ? median([await idle(), await idle(), await idle()]) : 0)
  const step = scenario === 'together' ? 100 : 1
  const taken = new Map()
  for (const name of names) {
    // Some, so that what compiles as it runs has done so, as in a server; then a trial that tells how many fill a batch.
    await ask(name, Math.max(warm, step))
    const tried = Math.max(trials, runtime.isTimedFromOutside ? LEAST_TRIED_FROM_OUTSIDE / step : 0)
    const unused = await nothing()
    const { wall } = await ask(name, tried * step)
    const fitting = Math.round((batchMilliseconds / Math.max(wall - unused, 0.01)) * tried)
    const count = Math.min(Math.max(fitting, 1), MOST_IN_A_BATCH / step) * step
    taken.set(name, { count, walls: [], cpu: 0 })
  }
  for (let round = 0; round < rounds; round += 1) {
    const unused = await nothing()
    for (const [name, sample] of taken) {
      const { wall, cpu } = await ask(name, sample.count)
      sample.walls.push((Math.max(wall - unused, 0) / sample.count) * 1000)
      sample.cpu += cpu
    }
  }
  const base = taken.get('jose').walls
  return new Map(
    [...taken].map(([name, { count, walls, cpu }]) => [
      name,
      {
        wall: median(walls),
        cpu: (cpu / (count * rounds)) * 1000,
        ratio: median(walls.map((wall, round) => wall / base[round])),
      },
    ]),
  )
}
