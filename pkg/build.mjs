// Assembles `dist` from the TypeScript in `src` and the modules in `wasm`, which `cargo xtask pkg` makes.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

// The bytes as a text with one character for each, rather than base64: repetitions stay repetitions, so that
// compression finds them. Scripts that are modules are always read as UTF-8 (HTML Standard §8.1.4.2).
function inlined(bytes) {
  let text = ''
  for (const [index, byte] of bytes.entries()) {
    // A digit behind it would make another character of the short form.
    text += byte === 0 && isDigit(bytes[index + 1]) ? '\\x00' : CHARACTERS[byte]
  }
  return `// Generated from the WebAssembly module beside it.\nexport const length = ${bytes.length}\nexport default '${text}'\n`
}

const isDigit = (byte) => byte >= 0x30 && byte <= 0x39

const CHARACTERS = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  switch (character) {
    case '\\':
    case "'":
      return `\\${character}`
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    case '\0':
      return '\\0'
    default:
      return character
  }
})

rmSync(at('dist'), { recursive: true, force: true })
mkdirSync(at('dist/wasm'), { recursive: true })
execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.json')], { stdio: 'inherit' })
copyFileSync(at('src/edge/logout.html'), at('dist/logout.html'))
for (const name of ['login', 'verify']) {
  copyFileSync(at(`wasm/portvakt_${name}.js`), at(`dist/wasm/portvakt_${name}.js`))
  copyFileSync(at(`wasm/portvakt_${name}_bg.wasm`), at(`dist/wasm/portvakt_${name}_bg.wasm`))
  writeFileSync(at(`dist/wasm/${name}_bytes.js`), inlined(readFileSync(at(`wasm/portvakt_${name}_bg.wasm`))))
}
