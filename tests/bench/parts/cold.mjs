// The time from the import to the first verified token.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { median } from '../measure.mjs'
import { Unavailable } from '../project.mjs'
import { number, print, table } from '../report.mjs'
import { start } from '../runtimes/lines.mjs'
import { browser, bundle, page, serve } from '../runtimes/page.mjs'
import { start as startWorker } from '../runtimes/worker.mjs'
import { AUDIENCE, ISSUER, jwks, pem, policy, token } from '../tokens.mjs'

const CONTENDERS = ['nothing', 'portvakt', 'jose', 'hono-jwk', 'aws-jwt-verify', 'oauth4webapi', 'fast-jwt']
const EVERYWHERE = CONTENDERS.filter((name) => name !== 'fast-jwt')

export async function cold(project, { starts }) {
  writeFileSync(join(project, 'cold-data.mjs'), `export const cold = ${JSON.stringify(given())}\n`)
  const columns = {
    Node: await tried(() => rounds(starts, CONTENDERS, (name) => inScript('Node', project, name))),
    Deno: await tried(() => rounds(starts, CONTENDERS, (name) => inScript('Deno', project, name))),
    Bun: await tried(() => rounds(starts, CONTENDERS, (name) => inScript('Bun', project, name))),
    workerd: await tried(() => rounds(starts, EVERYWHERE, (name) => inWorker(project, name))),
    Chromium: await tried(() => inPages(starts, project)),
  }
  print('### Cold start: from the import to the first verified token, RS256\n')
  const cells = (samples) => (samples === undefined ? '–' : number(median(samples)))
  print(
    table(
      ['milliseconds', ...Object.keys(columns)],
      CONTENDERS.map((name) => [name, ...Object.values(columns).map((column) => cells(column.get(name)))]),
    ),
  )
  print('\nworkerd: the first request, and Chromium: the navigation to a page; both by the clock outside the script.\n')
}

function given() {
  const one = token('RS256', 'cold')
  const tokenWithAudience = token('RS256', 'cold', { audience: true })
  return { issuer: ISSUER, audience: AUDIENCE, policy, jwks: jwks(), pem: pem('RS256'), token: one, tokenWithAudience }
}

/** Interleaved: in each round each starts once. */
async function rounds(count, names, once) {
  const samples = new Map(names.map((name) => [name, []]))
  for (let round = 0; round < count; round += 1) {
    for (const name of names) samples.get(name).push(await once(name))
  }
  return samples
}

async function tried(work) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    print(`Not measured: ${error.message}.\n`)
    return new Map()
  }
}

async function inScript(runtime, project, contender) {
  const process = start(runtime, project, 'cold.mjs')
  const { milliseconds } = await process.ask({ contender })
  process.stop()
  return milliseconds
}

async function inWorker(project, contender) {
  const entry = `cold-worker-${contender}.mjs`
  writeFileSync(
    join(project, entry),
    `import { first } from './cold/${contender}.mjs'
import { cold } from './cold-data.mjs'
export default { fetch: async () => Response.json({ is: (await first(cold)) !== null }) }\n`,
  )
  const worker = await startWorker(project, entry)
  const { milliseconds } = await worker.ask({})
  await worker.stop()
  return milliseconds
}

async function inPages(count, project) {
  const files = {}
  for (const name of EVERYWHERE) {
    const entry = join(project, `cold-page-${name}.mjs`)
    writeFileSync(
      entry,
      `import { first } from './cold/${name}.mjs'
import { cold } from './cold-data.mjs'
await first(cold)
globalThis.milliseconds = performance.now()\n`,
    )
    files[`/${name}`] = page(`/${name}.js`)
    files[`/${name}.js`] = await bundle(entry)
  }
  const [site, stop] = await serve(files)
  try {
    return await browser((driven) =>
      rounds(count, EVERYWHERE, async (name) => {
        await driven.open(`${site}/${name}`)
        return driven.wait('return window.milliseconds')
      }),
    )
  } finally {
    stop()
  }
}
