import { WASM, prepareRows, program } from './attacks.mjs'
import { runInChromium } from './browser.mjs'

/** The catalogue of attacks, played to the built modules in a page. */
export function run(project) {
  prepareRows(project)
  return runInChromium(project, program(fetched), 'played()')
}

const fetched = `const [login, judge] = await Promise.all(
  ['${WASM('login')}', '${WASM('verify')}'].map((path) => WebAssembly.compileStreaming(fetch(path))))`
