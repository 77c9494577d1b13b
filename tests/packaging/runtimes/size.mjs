import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { build } from 'esbuild'

import { here, tools } from '../project.mjs'

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
  const budgetFile = join(here, 'budget.json')
  if (process.env.PORTVAKT_UPDATE) writeFileSync(budgetFile, `${JSON.stringify(budgets(artifacts), null, 2)}\n`)
  const budget = JSON.parse(readFileSync(budgetFile, 'utf8'))
  console.log(row('artifact', 'raw', 'gzip', 'brotli', 'budget'))
  return [
    ...Object.entries(artifacts).map(([name, bytes]) => measured(name, bytes, budget[name])),
    ...Object.entries(peers).map(([name, bytes]) => measured(name, bytes)),
  ]
}

/** Prints one line, and tells whether the artifact is within its budget. */
function measured(name, bytes, budget) {
  const compressed = brotli(bytes)
  console.log(row(name, bytes.length, gzipSync(bytes, { level: 9 }).length, compressed, budget ?? ''))
  if (budget === undefined || compressed <= budget) return { name }
  return { name, failure: `${compressed} bytes are more than the budget of ${budget}` }
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
