import { join } from 'node:path'

import { compare } from '../differential/compare.mjs'

/** Random tokens, right and wrong, judged by this package and by `jose`. */
export async function run(project) {
  const portvakt = await import(join(project, 'node_modules/portvakt/dist/entry/verify.js'))
  const tokens = Number(process.env.PORTVAKT_DIFFERENTIAL ?? 20_000)
  const seed = Number(process.env.PORTVAKT_SEED ?? 1)
  return compare(portvakt, { tokens, seed })
}
