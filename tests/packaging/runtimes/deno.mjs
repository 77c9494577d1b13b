import { Skip } from '../project.mjs'
import { executableIn, runScript } from './script.mjs'

/** Deno, with the package from node_modules, and no permission but to read. */
export function run(project) {
  const deno = executableIn('@deno', process.platform, 'deno')
  if (deno === undefined) throw new Skip('npm has no Deno for this machine')
  return runScript(project, deno, ['run', '--no-prompt', '--cached-only', '--allow-read'])
}
