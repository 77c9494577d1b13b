// A folder with the packed package installed in it, and the programs that use it.

import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** This folder. */
export const here = fileURLToPath(new URL('.', import.meta.url))

/** Where the tests of the package have installed the runtimes. */
export const tools = join(here, '../packaging/node_modules')

/** Why something cannot be measured on this machine. */
export class Unavailable extends Error {}

/** Makes the folder anew, and gives its path. The peers are found in the folders above it. */
export function prepare(tarball, data) {
  const project = join(here, 'projects/main')
  rmSync(project, { recursive: true, force: true })
  cpSync(join(here, 'programs'), project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }))
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--omit=peer', '--loglevel=error']
  execFileSync('npm', ['install', ...flags, tarball], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
  writeFileSync(join(project, 'data.mjs'), `export const data = ${JSON.stringify(data)}\n`)
  return project
}
