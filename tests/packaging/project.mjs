// A folder with the packed package installed in it, and nothing else of this repository but the suite.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { data } from './cases.mjs'

/** This folder. */
export const here = fileURLToPath(new URL('.', import.meta.url))

/** Where the tools are installed. */
export const tools = join(here, 'node_modules')

/** Why a part cannot run on this machine. */
export class Skip extends Error {}

/** Makes the folder anew, and gives its path. */
export function prepare(tarball, part) {
  const project = join(here, 'projects', part)
  rmSync(project, { recursive: true, force: true })
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }))
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--omit=peer', '--loglevel=error']
  execFileSync('npm', ['install', ...flags, tarball], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
  cpSync(join(here, 'suite.mjs'), join(project, 'suite.mjs'))
  writeFileSync(join(project, 'data.mjs'), `export const data = ${JSON.stringify(data)}\n`)
  return project
}

/** The program of the suite: imports the package as a user would. */
export const program = `import * as login from 'portvakt'
import * as verify from 'portvakt/verify'
import { data } from './data.mjs'
import { runSuite } from './suite.mjs'
`

/** The results that a program printed as its last line. */
export function printed(output) {
  return JSON.parse(output.trim().split('\n').at(-1))
}
