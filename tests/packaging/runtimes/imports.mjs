import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { here } from '../project.mjs'
import { imports } from '../wasm.mjs'

/** What a module imports is all that it can do: no clock, no randomness, no network. */
export function run(project) {
  return ['login', 'verify'].map((name) => {
    const module = readFileSync(join(project, `node_modules/portvakt/dist/wasm/portvakt_${name}_bg.wasm`))
    return committed(join(here, `imports-${name}.txt`), `${imports(module).join('\n')}\n`)
  })
}

/** Compares a text with the committed one; with PORTVAKT_UPDATE it is written instead. */
export function committed(file, text) {
  if (process.env.PORTVAKT_UPDATE) writeFileSync(file, text)
  const before = readFileSync(file, 'utf8')
  if (before === text) return { name: file }
  const lines = new Set(before.split('\n'))
  const added = text.split('\n').filter((line) => !lines.has(line))
  return { name: file, failure: `has changed (run with PORTVAKT_UPDATE=1 if it should): ${added.slice(0, 5).join(' | ')}` }
}
