import { Skip } from '../project.mjs'
import { executableIn, runScript } from './script.mjs'

/** Deno, with the package from node_modules, and no permission but to read. */
export function run(project) {
  const deno = executable()
  if (deno === undefined) throw new Skip('npm has no Deno for this machine')
  return runScript(project, deno, ['run', '--no-prompt', '--cached-only', '--allow-read'])
}

/** Deno's program, where npm has one. */
export function executable() {
  return executableIn('@deno', process.platform, 'deno')
}
