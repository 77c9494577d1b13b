import { Skip } from '../project.mjs'
import { addEdgeSuite, edgeProgram, printing } from '../edge/project.mjs'
import { ARCHITECTURES } from './bun.mjs'
import { executableIn, runScript } from './script.mjs'

/** The logout endpoint in Bun, with its own server. */
export function run(project) {
  const bun = executableIn('@oven', `bun-${process.platform}-${ARCHITECTURES[process.arch]}`, 'bin/bun')
  if (bun === undefined) throw new Skip('npm has no Bun for this machine')
  addEdgeSuite(project)
  return runScript(project, bun, ['run'], `${edgeProgram('[]', 'serve')}${own}${printing}`)
}

const own = `
async function serve(endpoint) {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: endpoint })
  return { origin: 'http://127.0.0.1:' + server.port, close: () => server.stop(true) }
}
`
