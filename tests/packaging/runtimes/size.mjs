import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { build } from 'esbuild'

import { here, tools } from '../project.mjs'
import { crates } from '../wasm.mjs'

/** What a login and a verification really cost: bundled, minified, brotli 11; beside what peers cost. */
export async function run(project) {
  const wasm = (name) => readFileSync(join(project, `node_modules/portvakt/dist/wasm/portvakt_${name}_bg.wasm`))
  const artifacts = {
    'portvakt: JavaScript and WebAssembly': await bundle(project, "export { createAuth, ansattporten } from 'portvakt'"),
    'portvakt/verify: JavaScript and WebAssembly': await bundle(project, "export { createVerifier, idporten } from 'portvakt/verify'"),
    'portvakt/login.wasm': wasm('login'),
    'portvakt/verify.wasm': wasm('verify'),
  }
  const peers = {
    'oidc-client-ts + jose': await bundle(
      tools,
      "export { UserManager } from 'oidc-client-ts'; export { createRemoteJWKSet, jwtVerify } from 'jose'",
    ),
    'oidc-spa/core': await bundle(tools, "export { createOidc } from 'oidc-spa/core'"),
  }
  const costs = Object.fromEntries(['login', 'verify'].map((name) => [name, crates(named(name))]))
  const budget = committed('budget.json', budgets(artifacts))
  const before = committed('crates.json', costs)
  console.log(row('artifact', 'raw', 'gzip', 'brotli', 'budget'))
  const results = [
    ...Object.entries(artifacts).map(([name, bytes]) => measured(name, bytes, budget[name])),
    ...Object.entries(peers).map(([name, bytes]) => measured(name, bytes)),
  ]
  for (const name of Object.keys(costs)) shown(name, costs[name], before[name])
  // Not of the artifact that is too large alone: what is in the one module is nearly all in the other.
  const grown = Object.keys(costs).flatMap((name) => growth(name, costs[name], before[name]))
  return results.map(({ name, failure }) => ({ name, failure: failure && [failure, ...grown].join('\n  ') }))
}

/** A module with the names of its functions: beside the package, and not in it. */
function named(name) {
  return readFileSync(join(here, `../../pkg/wasm/portvakt_${name}_named.wasm`))
}

/** What was committed; with PORTVAKT_UPDATE it is written instead. */
function committed(file, values) {
  const path = join(here, file)
  if (process.env.PORTVAKT_UPDATE) writeFileSync(path, `${JSON.stringify(values, null, 2)}\n`)
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Prints one line, and tells whether the artifact is within its budget. */
function measured(name, bytes, budget) {
  const compressed = brotli(bytes)
  console.log(row(name, bytes.length, gzipSync(bytes, { level: 9 }).length, compressed, budget ?? ''))
  if (budget === undefined || compressed <= budget) return { name }
  return { name, failure: `${compressed} bytes are more than the budget of ${budget}` }
}

/** Prints what each crate costs in a module before compression, beside what was committed. */
function shown(module, costs, before) {
  console.log(`\n${row(`crates of ${module}.wasm`, 'raw', 'committed')}`)
  for (const [name, size] of Object.entries(costs)) console.log(row(name, size, before[name] ?? 0))
}

/** Each crate that has grown since the table was committed, the one that grew most first. */
function growth(module, costs, before) {
  return Object.entries(costs)
    .map(([name, now]) => ({ name, now, was: before[name] ?? 0 }))
    .filter(({ now, was }) => now > was)
    .sort((one, other) => other.now - other.was - (one.now - one.was))
    .map(({ name, now, was }) => `crate ${name} of ${module}.wasm grew from ${was} to ${now} bytes`)
}

/** What a visitor downloads before the first sign-in; parts that are loaded later do not count. */
async function bundle(folder, contents) {
  const outdir = join(here, 'projects/size/out')
  mkdirSync(outdir, { recursive: true })
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    conditions: ['browser'],
    outdir,
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  const needed = new Set()
  const collect = (path) => {
    if (needed.has(path)) return
    needed.add(path)
    for (const { path: next, kind } of metafile.outputs[path].imports) if (kind === 'import-statement') collect(next)
  }
  collect(Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint !== undefined))
  const isNeeded = ({ path }) => [...needed].some((name) => path.endsWith(name.slice(name.lastIndexOf('/'))))
  return Buffer.concat(outputFiles.filter(isNeeded).map(({ contents }) => contents))
}

/** Two percent of room, so that a compiler's whim is no failure. */
function budgets(artifacts) {
  return Object.fromEntries(Object.entries(artifacts).map(([name, bytes]) => [name, Math.ceil(brotli(bytes) * 1.02)]))
}

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
}

function row(name, ...numbers) {
  return [name.padEnd(46), ...numbers.map((number) => String(number).padStart(9))].join('')
}
