// The time from landing on the callback's address to being signed in, in Chromium, at the simulator.

import { join } from 'node:path'

import { median } from '../measure.mjs'
import { Unavailable } from '../project.mjs'
import { number, print, table } from '../report.mjs'
import { browser, bundle, serve } from '../runtimes/page.mjs'

const CONTENDERS = {
  portvakt: 'portvakt',
  'portvakt-memory': "portvakt, storage: 'memory'",
  'portvakt-plain': "portvakt, dpop: false, storage: 'memory'",
  'oidc-client-ts': 'oidc-client-ts + jose',
}

/** Where the simulator is, and what it knows of the application: whoever starts it tells. */
const { PORTVAKT_ISSUER: issuer, PORTVAKT_CLIENT_ID: clientId, PORTVAKT_PORT: port } = process.env

export async function login(project, { logins }) {
  print('### From landing on the callback to signed in, in Chromium, at the simulator\n')
  if (issuer === undefined) return print('Not measured: no simulator was started.\n')
  try {
    printed(await measured(project, logins))
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    print(`Not measured: ${error.message}.\n`)
  }
}

function printed(samples) {
  const base = samples.get('oidc-client-ts')
  print(
    table(
      ['milliseconds', 'median', 'fastest', '× oidc-client-ts + jose'],
      [...samples].map(([name, taken]) => [
        CONTENDERS[name],
        number(median(taken)),
        number(Math.min(...taken)),
        number(median(taken.map((milliseconds, round) => milliseconds / base[round]))),
      ]),
    ),
  )
  print('\nThe script, which nothing keeps, the metadata, the tokens and the keys are fetched within that time.\n')
}

async function measured(project, logins) {
  const files = {}
  // The provider knows one address of the application: what is there changes between two logins.
  const choose = async (name) => {
    files['/'] = `<!doctype html><meta charset="utf-8"><title></title><body><script>${prelude}</script><script type="module" src="/${name}.js"></script>`
    files[`/${name}.js`] ??= await bundle(join(project, `login/${name}.mjs`))
  }
  const [site, stop] = await serve(files, { port: Number(port), host: 'localhost' })
  try {
    return await browser(async (driven) => {
      const samples = new Map(Object.keys(CONTENDERS).map((name) => [name, []]))
      // The first login of each is not counted: the person has to be chosen, and the provider compiles its pages.
      const order = [...samples]
      for (let round = -1; round < logins; round += 1) {
        // Each goes first in its turn: what one leaves behind, the next one meets.
        order.push(order.shift())
        for (const [name, taken] of order) {
          await choose(name)
          await driven.open(`${site}/`)
          const milliseconds = await driven.wait(STEP)
          if (round >= 0) taken.push(milliseconds)
        }
      }
      return samples
    })
  } finally {
    stop()
  }
}

/** What both applications know, and how they tell that somebody is signed in. */
const prelude = `const bench = {
  issuer: ${JSON.stringify(issuer)},
  clientId: ${JSON.stringify(clientId)},
  signedIn() {
    // After the redirects, when the page itself is asked for.
    window.milliseconds ??= performance.now() - performance.getEntriesByType('navigation')[0].fetchStart
  },
  // On the page, which the host prints.
  failed: (error) => document.body.append(String(error?.code ?? error)),
}
// Each login begins as the first one did.
if (location.pathname === '/') {
  sessionStorage.clear()
  indexedDB.deleteDatabase('portvakt')
}
addEventListener('error', (event) => bench.failed(event.error ?? event.message))
addEventListener('unhandledrejection', (event) => bench.failed(event.reason))`

/** What a person does, once on each page, until the application says that they are signed in. */
const STEP = `
  if (window.milliseconds !== undefined) return window.milliseconds
  if (window.hasChosen) return undefined
  const choice = document.querySelector('[data-eid="bankid"], [data-pid="15868510045"]')
  if (choice === null) return undefined
  window.hasChosen = true
  choice.click()`
