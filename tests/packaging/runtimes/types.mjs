import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { here, tools } from '../project.mjs'

/** The types as a user's compiler sees them, with both ways of finding modules. */
export function run(project) {
  const files = ['must-compile.ts', 'must-not-compile.ts']
  for (const file of files) cpSync(join(here, 'types', file), join(project, file))
  return ['nodenext', 'bundler'].flatMap((moduleResolution) =>
    files.map((file) => {
      const failure = compile(project, [file], {
        moduleResolution,
        module: moduleResolution === 'nodenext' ? 'nodenext' : 'esnext',
      })
      return { name: `${file} (${moduleResolution})`, ...(failure && { failure }) }
    }),
  )
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
