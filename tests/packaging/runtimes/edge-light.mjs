import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { EdgeRuntime } from 'edge-runtime'

import { program } from '../project.mjs'
import { bundled } from './workerd.mjs'

/** Vercel's edge runtime, bundled as Next.js does it: `?module` gives what the platform has compiled. */
export function run(project) {
  return runInEdgeRuntime(project, program, 'runSuite(verify, login, data)')
}

/** Runs a program whose results are the value of a promise. */
export async function runInEdgeRuntime(project, program, results) {
  const entry = join(project, 'main.mjs')
  writeFileSync(
    entry,
    `${program}addEventListener('fetch', (event) => event.respondWith(
      ${results}.then((results) => new Response(JSON.stringify(results)))))\n`,
  )
  const compiled = {}
  const script = await bundled(entry, ['edge-light', 'worker', 'browser'], {
    name: 'modules',
    setup: (build) => {
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, importer }) => ({
        path: join(dirname(importer), path.replace(/\?module$/, '')),
        namespace: 'compiled',
      }))
      build.onLoad({ filter: /./, namespace: 'compiled' }, ({ path }) => {
        compiled[path] = new WebAssembly.Module(readFileSync(path))
        return { contents: `export default compiledModules[${JSON.stringify(path)}]` }
      })
    },
  })
  const runtime = new EdgeRuntime({
    initialCode: script,
    // The platform's modules are of its own WebAssembly, which does not compile anything at run time.
    extend: (context) =>
      Object.assign(context, { compiledModules: compiled, WebAssembly: withoutCompiler }),
  })
  const response = await runtime.dispatchFetch('https://api.example/')
  return response.json()
}

function Module() {
  throw new WebAssembly.CompileError('WebAssembly code generation disallowed')
}
Object.defineProperty(Module, Symbol.hasInstance, { value: (value) => value instanceof WebAssembly.Module })

const withoutCompiler = Object.assign(Object.create(WebAssembly), { Instance: WebAssembly.Instance, Module })
