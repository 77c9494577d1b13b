import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** What users of the package would trip over. */
export async function run(project, tarball) {
  const root = join(project, 'node_modules/portvakt')
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir: root, strict: true })
  const lint = messages.map((message) => formatMessage(message, manifest))

  const { problems } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)), {
    excludeEntrypoints: ['./logout.html', './login.wasm', './verify.wasm'],
  })
  // The package is made of ES modules: `require` of an older Node is told so by Node itself, and resolution by
  // file names alone, without `exports`, is that of tools from before 2020.
  const wrong = problems.filter(
    ({ kind, resolutionKind }) => resolutionKind !== 'node10' && kind !== 'CJSResolvesToESM',
  )
  return [
    { name: 'publint', ...(lint.length > 0 && { failure: lint.join('; ') }) },
    { name: 'are the types wrong', ...(wrong.length > 0 && { failure: JSON.stringify(wrong) }) },
    ...invariants(manifest),
  ]
}

function* invariants({ dependencies, sideEffects, exports }) {
  const check = (name, holds) => (holds ? { name } : { name, failure: 'does not hold' })
  yield check('no runtime dependency', dependencies === undefined)
  yield check('no side effects', sideEffects === false)
  const conditions = ['workerd', 'edge-light', 'deno', 'bun', 'node', 'browser', 'default']
  for (const entry of ['.', './verify', './edge']) {
    const found = exports[entry]
    yield check(`${entry} has every condition`, Object.keys(found).join() === conditions.join())
    yield check(`${entry} has its types first`, Object.values(found).every((target) => Object.keys(target)[0] === 'types'))
  }
}
