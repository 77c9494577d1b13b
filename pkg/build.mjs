// Assembles `dist` from the TypeScript in `src` and the modules in `wasm`, which `cargo xtask pkg` makes.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

// The bytes as a text with one character for each, rather than base64: repetitions stay repetitions, so that
// compression finds them. Scripts that are modules are always read as UTF-8 (HTML Standard §8.1.4.2).
//
// Some characters cannot stand in a literal as they are, or are written as escapes by the minifiers that applications
// use, and zero and the `end` of WebAssembly are among the most frequent bytes. So one mask is laid over all bytes, under
// which those that need escapes are rare ones; `pkg/src/load/bytes.ts` takes it off.
function inlined(bytes) {
  const counts = new Array(256).fill(0)
  for (const byte of bytes) counts[byte] += 1
  const escapes = (mask) => UNWRITABLE.reduce((sum, byte) => sum + counts[byte ^ mask], 0)
  // Below 128, so that what has one byte in UTF-8 keeps it.
  const mask = Array.from({ length: 128 }, (_, mask) => mask).reduce((best, mask) => (escapes(mask) < escapes(best) ? mask : best))
  let text = ''
  for (const byte of bytes) text += character(byte ^ mask)
  return `// Generated from the WebAssembly module beside it.
export const length = ${bytes.length}
export const mask = ${mask}
export default '${text}'
`
}

const UNWRITABLE = [0x00, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b, 0x27, 0x5c]

// What is rare is not absent.
const character = (byte) =>
  UNWRITABLE.includes(byte) ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte)

rmSync(at('dist'), { recursive: true, force: true })
mkdirSync(at('dist/wasm'), { recursive: true })
execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.json')], { stdio: 'inherit' })
copyFileSync(at('src/edge/logout.html'), at('dist/logout.html'))
for (const name of ['login', 'verify']) {
  copyFileSync(at(`wasm/portvakt_${name}.js`), at(`dist/wasm/portvakt_${name}.js`))
  copyFileSync(at(`wasm/portvakt_${name}_bg.wasm`), at(`dist/wasm/portvakt_${name}_bg.wasm`))
  writeFileSync(at(`dist/wasm/${name}_bytes.js`), inlined(readFileSync(at(`wasm/portvakt_${name}_bg.wasm`))))
}
