import { Skip } from '../project.mjs'
import { executableIn, runScript } from './script.mjs'

/** Bun. */
export function run(project) {
  const bun = executable()
  if (bun === undefined) throw new Skip('npm has no Bun for this machine')
  return runScript(project, bun, ['run'])
}

/** As Bun names them. */
export const ARCHITECTURES = { x64: 'x64', arm64: 'aarch64' }

/** Bun's program, where npm has one. */
export function executable() {
  return executableIn('@oven', `bun-${process.platform}-${ARCHITECTURES[process.arch]}`, 'bin/bun')
}
