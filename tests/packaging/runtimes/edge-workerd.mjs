import { join } from 'node:path'
import { writeFileSync } from 'node:fs'

import { Miniflare } from 'miniflare'

import { data } from '../edge/cases.mjs'
import { addEdgeSuite, edgeProgram } from '../edge/project.mjs'
import { events, inTime, same } from '../edge/suite.mjs'
import { workerModules } from './workerd.mjs'

/** The logout endpoint in Cloudflare's workerd, with Workers KV and a Durable Object. */
export async function run(project) {
  addEdgeSuite(project)
  const entry = join(project, 'main.mjs')
  writeFileSync(entry, worker)
  const { script, modules } = await workerModules(entry)
  const miniflare = new Miniflare({
    compatibilityDate: '2025-01-01',
    modules: [{ type: 'ESModule', path: 'main.mjs', contents: script }, ...modules],
    kvNamespaces: ['KV'],
    durableObjects: { SESSIONS: { className: 'LogoutSessions', useSQLite: true } },
  })
  try {
    const answer = await miniflare.dispatchFetch('http://localhost/suite')
    if (answer.status !== 200) throw new Error(await answer.text())
    return [...(await answer.json()), await acrossRequests(miniflare)]
  } finally {
    await miniflare.dispose()
  }
}

/** What is said of one request must not be needed by another: workerd does not let them share what they wait for. */
async function acrossRequests(miniflare) {
  const name = 'a tab that listens is told by a request of its own, with a store in memory and with a Durable Object'
  try {
    for (const store of ['memory', 'object']) {
      const url = `http://localhost/${store}`
      const { logoutSession } = { logoutSession: (sid) => miniflare.dispatchFetch(`${url}/name?sid=${sid}`).then((answer) => answer.text()) }
      const session = await logoutSession(`${store}-1`)
      const accept = { headers: { accept: 'text/event-stream' } }
      const tabs = await Promise.all([1, 2, 3].map(() => miniflare.dispatchFetch(`${url}?session=${session}`, accept)))
      const heard = tabs.map(events)
      for (const tab of heard) same(await tab.next(), 'retry: 1000')
      const query = new URLSearchParams({ iss: data.issuer, sid: `${store}-1` })
      same(await (await miniflare.dispatchFetch(`${url}?${query}`)).text(), 'OK')
      await Promise.all(heard.map((tab) => inTime(tab.next(), 'event: logout\ndata: {}')))
      for (const tab of heard) same(await tab.next(), undefined)
    }
    return { name }
  } catch (error) {
    return { name, failure: String(error) }
  }
}

const worker = `${edgeProgram('stores')}
export { LogoutSessions } from 'portvakt/edge'
let stores
let memory
export default {
  async fetch(request, env) {
    stores = [
      ['Workers KV', () => edge.workersKvStore(env.KV)],
      ['Durable Object', () => edge.durableObjectStore(env.SESSIONS)],
    ]
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/suite') return Response.json(await results())
    if (pathname.endsWith('/name')) return new Response(await edge.logoutSession(data.issuer, searchParams.get('sid')))
    memory ??= edge.memoryStore()
    const store = pathname === '/memory' ? memory : edge.durableObjectStore(env.SESSIONS)
    return edge.createLogoutEndpoint({ issuer: edge.ansattporten.test, store })(request)
  },
}
`
