import { Skip } from '../project.mjs'
import { addEdgeSuite, edgeProgram, printing } from '../edge/project.mjs'
import { executableIn, runScript } from './script.mjs'

/** The logout endpoint in Deno, with Deno KV and its own server. */
export function run(project) {
  const deno = executableIn('@deno', process.platform, 'deno')
  if (deno === undefined) throw new Skip('npm has no Deno for this machine')
  addEdgeSuite(project)
  const flags = ['run', '--no-prompt', '--cached-only', '--unstable-kv', '--allow-read', '--allow-net=127.0.0.1']
  return runScript(project, deno, flags, `${edgeProgram('stores', 'serve')}${own}${printing}`)
}

const own = `
const kv = await Deno.openKv(':memory:')
const stores = [['Deno KV', () => edge.denoKvStore(kv)]]
async function serve(endpoint) {
  const server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => {} }, endpoint)
  return { origin: 'http://127.0.0.1:' + server.addr.port, close: () => server.shutdown() }
}
`
