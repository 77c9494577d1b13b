// Cloudflare's workerd, bundled as wrangler does it: WebAssembly is imported as a compiled module.

import { join } from 'node:path'

import { Miniflare } from '../../packaging/node_modules/miniflare/dist/src/index.js'
import { workerModules } from '../../packaging/runtimes/workerd.mjs'
import { withChild } from './children.mjs'
import { cpuOf } from './cpu.mjs'

/** Starts one, which then answers commands until it is stopped. */
export async function start(project, entry = 'worker.mjs') {
  const { script, modules } = await workerModules(join(project, entry))
  const [miniflare, pid] = await withChild(async () => {
    const started = new Miniflare({
      compatibilityDate: '2025-01-01',
      modules: [{ type: 'ESModule', path: 'main.mjs', contents: script }, ...modules],
    })
    await started.ready
    return started
  })
  const send = async (command) => {
    const response = await miniflare.dispatchFetch('http://localhost/', { method: 'POST', body: JSON.stringify(command) })
    return response.json()
  }
  return {
    send,
    ask: async (command) => {
      const begin = performance.now()
      const answer = await send(command)
      return { ...answer, milliseconds: performance.now() - begin }
    },
    cpu: () => (pid === undefined ? undefined : cpuOf(pid)),
    stop: () => miniflare.dispose(),
  }
}
