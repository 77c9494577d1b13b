// What a runtime is asked to do: one batch of verifications, and how long it took by its own clock.

import { contenders } from './contenders.mjs'

/** Answers commands, with the modules that this runtime can load. */
export function runner(modules, data) {
  const made = {}
  return async ({ alg, contender, scenario, count }) => {
    made[alg] ??= await contenders(alg, modules, data)
    if (contender === undefined) return { contenders: Object.keys(made[alg]) }
    const verify = made[alg][contender]
    const pool = data.pools[alg][verify.tokens ?? 'plain']
    const begin = performance.now()
    await scenarios[scenario](verify, pool, count)
    return { milliseconds: performance.now() - begin }
  }
}

const scenarios = {
  nothing: () => {},
  async new(verify, pool, count) {
    for (let index = 0; index < count; index += 1) await verify(pool[index % pool.length])
  },
  async again(verify, [token], count) {
    for (let index = 0; index < count; index += 1) await verify(token)
  },
  async together(verify, pool, count) {
    for (let done = 0; done < count; done += pool.length) await Promise.all(pool.map((token) => verify(token)))
  },
}
