import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One module of the installed package, called as the package's own driver calls it. `seen` is handed what the first
 * instance exports.
 */
export async function core(project, name, seen = () => {}) {
  const dist = join(project, 'node_modules/portvakt/dist')
  const { Core } = await import(join(dist, 'core.js'))
  // A script has one instance, and each caller gets its own.
  made += 1
  const glue = await import(`${join(dist, `wasm/portvakt_${name}.js`)}?${made}`)
  const initSync = (options) => {
    const exported = glue.initSync(options)
    seen(exported)
    return exported
  }
  return new Core({ ...glue, initSync }, () => new WebAssembly.Module(readFileSync(join(dist, `wasm/portvakt_${name}_bg.wasm`))))
}

let made = 0
