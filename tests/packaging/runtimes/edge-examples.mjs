import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { Miniflare, Response as MiniflareResponse } from 'miniflare'

import { ISSUER, checkExample, logoutToken } from '../edge/example.mjs'
import { addEdgeSuite } from '../edge/project.mjs'
import { jwks } from '../keys.mjs'
import { here } from '../project.mjs'
import { executableIn, runScript } from './script.mjs'
import { workerModules } from './workerd.mjs'

/** The examples of a logout endpoint on a Worker and in Deno; that in Node needs a Redis, and has its test there. */
export async function run(project) {
  for (const name of ['logout-worker.ts', 'logout-deno.ts']) {
    cpSync(join(here, '../../pkg/examples', name), join(project, name))
  }
  return [await worker(project), ...deno(project)]
}

async function worker(project) {
  const { script, modules } = await workerModules(join(project, 'logout-worker.ts'))
  const miniflare = new Miniflare({
    compatibilityDate: '2025-01-01',
    modules: [{ type: 'ESModule', path: 'main.mjs', contents: script }, ...modules],
    durableObjects: { LOGOUTS: { className: 'LogoutSessions', useSQLite: true } },
    outboundService: ({ url }) => MiniflareResponse.json(url.endsWith('/jwks') ? jwks : metadata),
  })
  try {
    return await checkExample('a Worker', (path, init) => miniflare.dispatchFetch(`http://localhost${path}`, init))
  } finally {
    await miniflare.dispose()
  }
}

/** The handler of the example is called in Deno, with a database in memory, and an issuer in place of the network. */
function deno(project) {
  const executable = executableIn('@deno', process.platform, 'deno')
  if (executable === undefined) return [{ name: 'Deno', skipped: 'npm has no Deno for this machine' }]
  addEdgeSuite(project)
  // There is no key to sign with in there.
  const script = `
    const open = Deno.openKv
    Object.defineProperty(Deno, 'openKv', { value: () => open(':memory:') })
    globalThis.fetch = async (url) => Response.json(url.endsWith('/jwks') ? ${JSON.stringify(jwks)} : ${JSON.stringify(metadata)})
    const { default: example } = await import('./logout-deno.ts')
    const { events, inTime, same } = await import('./edge-suite.mjs')
    const { logoutSession } = await import('portvakt/edge')
    const ask = (path, init) => example.fetch(new Request('http://localhost' + path, init))
    const results = []
    try {
      same((await ask('/')).status, 404)
      const name = await logoutSession('${ISSUER}', 's-2')
      const tab = events(await ask('/portvakt/logout?session=' + name, { headers: { accept: 'text/event-stream' } }))
      same(await tab.next(), 'retry: 1000')
      const body = () => new URLSearchParams({ logout_token: '${logoutToken('s-2')}' })
      same((await ask('/portvakt/logout', { method: 'POST', body: body() })).status, 200)
      await inTime(tab.next(), 'event: logout\\ndata: {}')
      same((await ask('/portvakt/logout', { method: 'POST', body: body() })).status, 400)
      results.push({ name: 'Deno' })
    } catch (error) {
      results.push({ name: 'Deno', failure: String(error) })
    }
    console.log(JSON.stringify(results))
    Deno.exit()
  `
  return runScript(project, executable, ['run', '--no-prompt', '--cached-only', '--unstable-kv', '--allow-read'], script)
}

const metadata = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }
