import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { printed, program, tools } from '../project.mjs'

const suite = `${program}console.log(JSON.stringify(await runSuite(verify, login, data)))\n`

/** Runs a script that prints its results as the last line: the suite, if no other is given. */
export function runScript(project, executable, flags, script = suite) {
  const file = join(project, 'main.mjs')
  writeFileSync(file, script)
  const output = execFileSync(executable, [...flags, file], { cwd: project, encoding: 'utf8', maxBuffer: 1 << 26 })
  return printed(output)
}

/** The program in the package that npm chose for this machine, such as `@deno/linux-x64-glibc/deno`, if there is one. */
export function executableIn(scope, prefix, file) {
  const folder = join(tools, scope)
  const candidates = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(prefix)) : []
  return candidates.map((name) => join(folder, name, file)).find(existsSync)
}
