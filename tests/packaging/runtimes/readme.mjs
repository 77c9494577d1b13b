import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { compile } from './types.mjs'

/** Every piece of code in the package's README compiles as it stands. */
export function run(project) {
  const readme = readFileSync(join(project, 'node_modules/portvakt/README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)]
  const files = blocks.map(([, extension, code], index) => {
    const file = `readme-${index + 1}.${extension}`
    writeFileSync(join(project, file), code)
    return file
  })
  return files.map((file) => {
    const failure = compile(project, [file], { module: 'esnext', moduleResolution: 'bundler' })
    return { name: file, ...(failure && { failure }) }
  })
}
