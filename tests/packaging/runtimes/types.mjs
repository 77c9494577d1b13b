import { spawnSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { here, tools } from '../project.mjs'
import { executableIn } from './script.mjs'

/** The types as a user's compiler sees them, with both ways of finding modules. */
export function run(project) {
  const files = ['must-compile.ts', 'must-not-compile.ts', 'must-compile-edge.ts', 'must-not-compile-edge.ts']
  for (const file of files) cpSync(join(here, 'types', file), join(project, file))
  const everywhere = ['nodenext', 'bundler'].flatMap((moduleResolution) =>
    files.map((file) => {
      const failure = compile(project, [file], {
        moduleResolution,
        module: moduleResolution === 'nodenext' ? 'nodenext' : 'esnext',
      })
      return { name: `${file} (${moduleResolution})`, ...(failure && { failure }) }
    }),
  )
  return [...everywhere, workers(project), ...deno(project)]
}

/** With the types of Cloudflare Workers in place of a browser's. */
function workers(project) {
  cpSync(join(here, 'types/must-compile-workers.ts'), join(project, 'must-compile-workers.ts'))
  const failure = compile(project, ['must-compile-workers.ts'], {
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022'],
    types: ['@cloudflare/workers-types'],
  })
  return { name: 'must-compile-workers.ts', ...(failure && { failure }) }
}

/** With Deno's own types, and its own compiler. */
function deno(project) {
  const executable = executableIn('@deno', process.platform, 'deno')
  if (executable === undefined) return [{ name: 'Deno', skipped: 'npm has no Deno for this machine' }]
  cpSync(join(here, 'types/must-compile-deno.ts'), join(project, 'must-compile-deno.ts'))
  // The configuration of the other compiler is none of Deno's.
  rmSync(join(project, 'tsconfig.json'), { force: true })
  const { status, stderr } = spawnSync(executable, ['check', '--unstable-kv', 'must-compile-deno.ts'], {
    cwd: project,
    encoding: 'utf8',
  })
  return [{ name: 'must-compile-deno.ts', ...(status !== 0 && { failure: stderr }) }]
}

/** Compiles files of the project, and gives what is wrong with them. */
export function compile(project, files, options) {
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: [],
      jsx: 'react-jsx',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      ...options,
    },
    files,
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(tools, 'typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', project], { encoding: 'utf8' })
  return status === 0 ? undefined : stdout
}
