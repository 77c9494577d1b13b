import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { here } from '../project.mjs'
import { committed } from './imports.mjs'

/** The declarations that a user can see, without their comments, as one file whose change shows in review. */
export function run(project) {
  const root = join(project, 'node_modules/portvakt')
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const entries = Object.values(exports)
    .map((entry) => entry.types ?? entry.default?.types)
    .filter((types) => types !== undefined)
  const files = new Map()
  for (const entry of entries) collect(join(root, entry), files)
  const report = [...files]
    .map(([file, text]) => [relative(join(root, 'dist'), file), text])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]) => `## ${file}\n\n\`\`\`ts\n${text}\n\`\`\`\n`)
  const head = '# The public face of the npm package\n\nGenerated; a test compares it with what the package declares.\n'
  return [committed(join(here, '../../pkg/api.md'), [head, ...report].join('\n'))]
}

/** A declaration file, and those that it imports from. */
function collect(file, files) {
  if (files.has(file)) return
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\n\s*\n/g, '\n').trim()
  files.set(file, text)
  for (const [, path] of text.matchAll(/from '(\.[^']+)'/g)) collect(join(dirname(file), path.replace(/\.js$/, '.d.ts')), files)
}
