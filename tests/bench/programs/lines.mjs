// Node, Deno and Bun: commands as lines of standard input, answers as lines of standard output.

import * as node from 'node:crypto'
import process from 'node:process'
import { createInterface } from 'node:readline'

import * as fast from 'fast-jwt'

import { data } from './data.mjs'
import { modules } from './edge.mjs'
import { runner } from './runner.mjs'

const run = runner({ ...modules, fast, node }, data)
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await run(JSON.parse(line)).catch((error) => ({ failure: String(error?.stack ?? error) }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
