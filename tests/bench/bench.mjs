// Measures the package beside its peers: `node bench.mjs <tarball> [--smoke] [part…]`. Prints tables of Markdown, and writes
// them into the page about it where PORTVAKT_WRITE_DOCS is set.

import { cpus } from 'node:os'

import { cold } from './parts/cold.mjs'
import { growth } from './parts/growth.mjs'
import { login } from './parts/login.mjs'
import { memory } from './parts/memory.mjs'
import { verification } from './parts/verification.mjs'
import { prepare } from './project.mjs'
import { print, writePage } from './report.mjs'
import { data } from './tokens.mjs'

const [tarball, ...rest] = process.argv.slice(2)
const parts = { verification, cold, login, growth, memory }
const only = rest.filter((name) => name in parts)
const sizes = rest.includes('--smoke')
  ? { isSmoke: true, rounds: 1, batchMilliseconds: 0, trials: 1, warm: 1, starts: 1, logins: 1, tokens: 2000 }
  : { isSmoke: false, rounds: 21, batchMilliseconds: 10, trials: 20, warm: 2000, starts: 11, logins: 61, tokens: 1_000_000 }

const made = data()
const project = prepare(tarball, made)
print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; a token has ${made.pools.RS256.plain[0].length} bytes.\n`)
for (const [name, measure] of Object.entries(parts)) {
  if (only.length === 0 || only.includes(name)) await measure(project, sizes)
}
// A part of it, or one sample, is not what the page is about.
if (process.env.PORTVAKT_WRITE_DOCS && only.length === 0 && !sizes.isSmoke) writePage()
