import { basename, dirname, join } from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'

import { build } from 'esbuild'
import { Miniflare } from 'miniflare'

import { program } from '../project.mjs'

/** Cloudflare's workerd, bundled as wrangler does it: WebAssembly is imported as a compiled module. */
export function run(project) {
  return runInWorkerd(project, program, 'runSuite(verify, login, data)')
}

/** Runs a program whose results are the value of a promise. */
export async function runInWorkerd(project, program, results) {
  const entry = join(project, 'main.mjs')
  writeFileSync(entry, `${program}export default { fetch: async () => Response.json(await ${results}) }\n`)
  const { script, modules } = await workerModules(entry)
  const miniflare = new Miniflare({
    compatibilityDate: '2025-01-01',
    modules: [{ type: 'ESModule', path: 'main.mjs', contents: script }, ...modules],
  })
  try {
    const response = await miniflare.dispatchFetch('http://localhost/')
    if (response.status !== 200) throw new Error(await response.text())
    return await response.json()
  } finally {
    await miniflare.dispose()
  }
}

/** The script, and beside it the modules that it imports. */
export async function workerModules(entry) {
  const modules = new Map()
  const script = await bundled(entry, ['workerd', 'worker', 'browser'], {
    name: 'modules',
    setup: (build) =>
      build.onResolve({ filter: /\.wasm$/ }, ({ path, importer }) => {
        const name = basename(path)
        modules.set(name, readFileSync(join(dirname(importer), path)))
        return { path: `./${name}`, external: true }
      }),
  })
  return {
    script,
    modules: [...modules].map(([path, contents]) => ({ type: 'CompiledWasm', path, contents })),
  }
}

/** One script of everything, as the bundler of an edge platform makes it. */
export async function bundled(entry, conditions, plugin) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions,
    plugins: [plugin],
    logLevel: 'error',
  })
  return outputFiles[0].text
}
