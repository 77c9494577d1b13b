// Whether memory stays what it is, however many tokens come.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import { number, print, table } from '../report.mjs'

/** Fewer than there are different tokens, so that each is verified, kept, and makes room for another. */
const SEEN_TOKENS = 50

export function memory(project, { tokens }) {
  const output = execFileSync(process.execPath, ['--expose-gc', join(project, 'memory.mjs'), tokens, SEEN_TOKENS], { encoding: 'utf8' })
  const megabytes = (bytes) => number(bytes / 1e6)
  print(`### Memory of one verifier in Node, RS256, seenTokens: ${SEEN_TOKENS}, every token new to it\n`)
  print(
    table(
      ['tokens', 'heap in MB', 'outside of it in MB', 'process in MB'],
      output.trim().split('\n').map((line) => {
        const { done, heapUsed, external, rss } = JSON.parse(line)
        return [String(done), megabytes(heapUsed), megabytes(external), megabytes(rss)]
      }),
    ),
  )
  print()
}
