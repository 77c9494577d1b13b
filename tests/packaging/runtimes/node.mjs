import { agreement } from './agreement.mjs'
import { runScript } from './script.mjs'

/** Node, the version that runs the tests: the suite, and whether its WebCrypto and the module always agree. */
export async function run(project) {
  return [...runScript(project, process.execPath, []), ...(await agreement(project))]
}
