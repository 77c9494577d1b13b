// Runs one part of the tests: `node run.mjs <part> <tarball>`. Ends with an error if a case failed.

import { Skip, prepare } from './project.mjs'

const [part, tarball] = process.argv.slice(2)
const project = prepare(tarball, part)
const { run } = await import(`./runtimes/${part}.mjs`)
try {
  const all = await run(project, tarball)
  for (const { name, skipped } of all) if (skipped !== undefined) console.log(`skipped: ${name}: ${skipped}`)
  const results = all.filter(({ skipped }) => skipped === undefined)
  const failed = results.filter(({ failure }) => failure !== undefined)
  for (const { name, failure } of failed) console.error(`✗ ${name}\n  ${failure}`)
  console.log(`${part}: ${results.length - failed.length} passed, ${failed.length} failed`)
  // A suite that found nothing to do has not passed.
  process.exit(failed.length === 0 && results.length > 0 ? 0 : 1)
} catch (error) {
  if (!(error instanceof Skip)) throw error
  console.log(`skipped: ${error.message}`)
}
