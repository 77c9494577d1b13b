import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One module of the installed package, called as the package's own driver calls it. */
export async function core(project, name) {
  const dist = join(project, 'node_modules/portvakt/dist')
  const { Core } = await import(join(dist, 'core.js'))
  const glue = await import(join(dist, `wasm/portvakt_${name}.js`))
  return new Core({ ...glue }, () => new WebAssembly.Module(readFileSync(join(dist, `wasm/portvakt_${name}_bg.wasm`))))
}

/** The code that something is refused with. */
export async function codeOf(work) {
  try {
    await work()
    return 'accepted'
  } catch (error) {
    if (error?.name !== 'PortvaktError') throw error
    return error.code
  }
}
