// Builds the application on the packed package: `node build.mjs <tarball> <folder>`.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [tarball, dist] = process.argv.slice(2)
const here = fileURLToPath(new URL('.', import.meta.url))
const tools = join(here, '../../packaging')
const project = dirname(dist)

rmSync(project, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'application', private: true, type: 'module' }))
const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--omit=peer', '--loglevel=error']
execFileSync('npm', ['install', ...flags, tarball], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
for (const file of ['main.ts', 'server.mjs']) cpSync(join(here, file), join(project, file))
cpSync(join(here, 'index.html'), join(dist, 'index.html'))

// The application is also a reader of the declarations.
writeFileSync(
  join(project, 'tsconfig.json'),
  JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: [],
      module: 'esnext',
      moduleResolution: 'bundler',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    },
    files: ['main.ts'],
  }),
)
const compiler = join(tools, 'node_modules/typescript/bin/tsc')
execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' })

const { build } = createRequire(join(tools, 'package.json'))('esbuild')
await build({
  entryPoints: [join(project, 'main.ts')],
  outfile: join(dist, 'main.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  // The module stands in the script as text: written out, it would be twice as long.
  charset: 'utf8',
  logLevel: 'warning',
})
