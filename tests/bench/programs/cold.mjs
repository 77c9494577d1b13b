// Node, Deno and Bun: from before the import to the first verified token, in a process of its own.

import process from 'node:process'
import { createInterface } from 'node:readline'

import { cold } from './cold-data.mjs'

for await (const line of createInterface({ input: process.stdin })) {
  const begin = performance.now()
  const { first } = await import(`./cold/${JSON.parse(line).contender}.mjs`)
  await first(cold)
  process.stdout.write(`${JSON.stringify({ milliseconds: performance.now() - begin })}\n`)
}
