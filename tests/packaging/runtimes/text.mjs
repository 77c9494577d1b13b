import { runScript } from './script.mjs'

/** The text form of the modules, decoded by each of the means that runtimes have, or have not. */
export async function run(project) {
  return runScript(project, process.execPath, [], script)
}

const script = `import { readFileSync } from 'node:fs'
import { compileText } from './node_modules/portvakt/dist/load/bytes.js'

const { Buffer } = globalThis
let decodedBy
const buffer = {
  from: (memory) => {
    decodedBy = 'Buffer'
    return Buffer.from(memory)
  },
}
function setFromBase64(text) {
  decodedBy = 'setFromBase64'
  this.set(Buffer.from(text, 'base64'))
}
// What a runtime has: nothing of it is left to the one that runs this.
const means = {
  setFromBase64: () => Object.defineProperty(Uint8Array.prototype, 'setFromBase64', { value: setFromBase64, configurable: true }),
  Buffer: () => (globalThis.Buffer = buffer),
  neither: () => (decodedBy = 'neither'),
}
const without = () => {
  delete Uint8Array.prototype.setFromBase64
  delete globalThis.Buffer
  decodedBy = undefined
}
let compiled
const { Module } = WebAssembly
WebAssembly.Module = class extends Module {
  constructor(bytes) {
    super(bytes)
    compiled = Buffer.from(bytes)
  }
}
const results = []
const check = (name, isSo) => results.push(isSo ? { name } : { name, failure: 'it is not so' })
for (const name of ['login', 'verify']) {
  const { default: text, length, mask } = await import('./node_modules/portvakt/dist/wasm/' + name + '_bytes.js')
  const expected = readFileSync('node_modules/portvakt/dist/wasm/portvakt_' + name + '_bg.wasm')
  for (const [has, given] of Object.entries(means)) {
    without()
    given()
    compileText(text, length, mask)
    check(name + ' is what it was, by ' + has, compiled.equals(expected) && decodedBy === has)
  }
  let code
  try {
    compileText(text + 'x', length, mask)
  } catch (error) {
    code = error.code
  }
  check(name + ' with a character more is refused', code === 'environment_script_charset')
}
globalThis.Buffer = Buffer
console.log(JSON.stringify(results))
`
