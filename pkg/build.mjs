// Assembles `dist` from the TypeScript in `src` and the modules in `wasm`, which `cargo xtask pkg` makes.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

// The bytes as a text with one character for each, rather than base64: repetitions stay repetitions, so that
// compression finds them. Scripts that are modules are always read as UTF-8 (HTML Standard §8.1.4.2).
//
// Some characters cannot stand in a literal as they are, or are written as escapes by the minifiers that applications
// use, and zero and the `end` of WebAssembly are among the most frequent bytes. Each changes places with a byte that is
// rare; `pkg/src/load/bytes.ts` changes them back.
function inlined(bytes) {
  const counts = new Array(128).fill(0)
  for (const byte of bytes) if (byte < 128) counts[byte] += 1
  const rare = counts
    .map((count, byte) => ({ count, byte }))
    // Those that can be seen, and none that another kind of quotes would need escapes for.
    .filter(({ byte }) => byte > 0x20 && byte < 0x7f && !UNWRITABLE.includes(byte) && !'"`$'.includes(String.fromCharCode(byte)))
    .sort((a, b) => a.count - b.count)
    .slice(0, UNWRITABLE.length)
    .map(({ byte }) => byte)
  const written = Array.from({ length: 256 }, (_, byte) => byte)
  for (const [place, byte] of UNWRITABLE.entries()) [written[byte], written[rare[place]]] = [rare[place], byte]
  let text = ''
  for (const byte of bytes) text += character(written[byte])
  const exchanged = String.fromCharCode(...rare)
  return `// Generated from the WebAssembly module beside it.
export const length = ${bytes.length}
export const exchanged = '${exchanged}'
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
