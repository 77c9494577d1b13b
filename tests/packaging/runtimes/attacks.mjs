import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { here } from '../project.mjs'
import { executable as bun } from './bun.mjs'
import { executable as deno } from './deno.mjs'
import { runInEdgeRuntime } from './edge-light.mjs'
import { runScript } from './script.mjs'
import { runInWorkerd } from './workerd.mjs'

/** The catalogue of attacks, played to the built modules in every runtime of servers. */
export async function run(project) {
  prepareRows(project)
  const results = []
  for (const [runtime, played] of Object.entries(RUNTIMES)) {
    for (const result of await played(project)) results.push({ ...result, name: `${runtime}: ${result.name}` })
  }
  return results
}

/** Puts the catalogue, of the file that `PORTVAKT_ATTACKS` names, and what plays it into the project. */
export function prepareRows(project) {
  for (const file of ['attacks.mjs', 'outcome.mjs']) copyFileSync(join(here, file), join(project, file))
  writeFileSync(join(project, 'rows.mjs'), `export const rows = ${readFileSync(process.env.PORTVAKT_ATTACKS, 'utf8')}\n`)
}

const DIST = './node_modules/portvakt/dist'
export const WASM = (name) => `${DIST}/wasm/portvakt_${name}_bg.wasm`

/** A program that can play: `compiled` says how its runtime comes by the modules `login` and `judge`. */
export const program = (compiled) => `import { answered } from '${DIST}/webcrypto.js'
import { Core } from '${DIST}/core.js'
import * as verify from 'portvakt/verify'
import * as loginGlue from '${DIST}/wasm/portvakt_login.js'
import * as verifyGlue from '${DIST}/wasm/portvakt_verify.js'
import { playAttacks } from './attacks.mjs'
import { rows } from './rows.mjs'
${compiled}
const modules = { login: { glue: loginGlue, compiled: login }, verify: { glue: verifyGlue, compiled: judge } }
const played = () => playAttacks(rows, { Core, answered, verify, modules })
`

const imported = (query = '') => `import login from '${WASM('login')}${query}'
import judge from '${WASM('verify')}${query}'`

const read = `import { readFileSync } from 'node:fs'
const [login, judge] = ['${WASM('login')}', '${WASM('verify')}'].map((path) => new WebAssembly.Module(readFileSync(path)))`

const script = (executable, flags) => async (project) => {
  if (executable === undefined) return [{ name: 'attacks', skipped: 'npm has none for this machine' }]
  return runScript(project, executable, flags, `${program(read)}console.log(JSON.stringify(await played()))\n`)
}

const RUNTIMES = {
  Node: script(process.execPath, []),
  Deno: script(deno(), ['run', '--no-prompt', '--cached-only', '--allow-read']),
  Bun: script(bun(), ['run']),
  workerd: (project) => runInWorkerd(project, program(imported()), 'played()'),
  'edge-runtime': (project) => runInEdgeRuntime(project, program(imported('?module')), 'played()'),
}
