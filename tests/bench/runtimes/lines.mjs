// Runtimes that run a script with standard input and output.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { Unavailable, tools } from '../project.mjs'
import { cpuOf } from './cpu.mjs'

/** The programs, each as a function that says how it is started. */
export const PROGRAMS = {
  Node: () => [process.execPath],
  Deno: () => [found('@deno', process.platform, 'deno'), 'run', '--no-prompt', '--cached-only', '--allow-read', '--allow-env', '--allow-sys'],
  Bun: () => [found('@oven', `bun-${process.platform}-${{ x64: 'x64', arm64: 'aarch64' }[process.arch]}`, 'bin/bun'), 'run'],
}

/** The program in the package that npm chose for this machine. */
function found(scope, prefix, file) {
  const folder = join(tools, scope)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(prefix)) : []
  const program = names.map((name) => join(folder, name, file)).find(existsSync)
  if (program === undefined) throw new Unavailable(`npm has no package of it for ${process.platform} on ${process.arch}`)
  return program
}

/** Starts one, which then answers commands until it is stopped. */
export function start(name, project, script = 'lines.mjs') {
  const [program, ...flags] = PROGRAMS[name]()
  const child = spawn(program, [...flags, join(project, script)], { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async (command) => {
      child.stdin.write(`${JSON.stringify(command)}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`${name} ended by itself`)
      return JSON.parse(value)
    },
    cpu: () => cpuOf(child.pid),
    stop: () => child.kill(),
  }
}
