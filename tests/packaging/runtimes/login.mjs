import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

import { build } from 'vite'

import { here } from '../project.mjs'
import { withBrowser } from '../webdriver.mjs'

/** Where the simulator is, and what it knows of the application: the test that starts it tells. */
const { PORTVAKT_ISSUER: issuer, PORTVAKT_CLIENT_ID: clientId, PORTVAKT_PORT: port } = process.env

/** The examples for browsers sign in for real: TypeScript with Vite, and React in its strict mode. */
export async function run(project) {
  const results = []
  for (const example of ['vite.ts', 'react.tsx']) {
    const folder = await built(project, example)
    await withServer(folder, () =>
      withBrowser(async (browser) => {
        for (const [name, test] of road(browser, `http://localhost:${port}`)) {
          const failure = await test().then(() => undefined, String)
          results.push({ name: `${example}: ${name}`, ...(failure && { failure }) })
          if (failure) return
        }
      }),
    )
  }
  return results
}

/** What a person does, and what must be so afterwards. */
function* road(browser, origin) {
  const signIn = async () => {
    await browser.click('button')
    await browser.click('[data-testid="eid"][data-eid="bankid"]')
    await browser.click('[data-testid="person"][data-pid="15868510045"]')
  }
  const choose = async (number) => {
    await browser.click(`[data-testid="organisation-option"][data-orgno="${number}"]`)
    await browser.click('[data-testid="continue"]')
  }
  yield ['a visitor is signed out', async () => {
    await browser.open(`${origin}/`)
    await browser.see('Welcome')
  }]
  yield ['a person signs in for an organisation', async () => {
    await signIn()
    await choose('310000019')
    await browser.see('Signed in at level high for')
    await browser.see('(310000019)')
  }]
  yield ['neither code nor state stays in the address, and no token in the storage', async () => {
    equal(await browser.execute('return location.href'), `${origin}/callback`)
    equal(await browser.execute('return Object.keys(localStorage).length'), 0)
    // The secret of the open tabs, which opens nothing without the key in the database.
    equal((await browser.execute('return Object.keys(sessionStorage)')).join(), `portvakt.tab.${issuer} ${clientId}`)
  }]
  yield ['a reload keeps the session and the organisation', async () => {
    await browser.reload()
    await browser.see('(310000019)')
  }]
  yield ['a person signs out', async () => {
    await browser.click('button')
    await browser.wait('return location.pathname === "/" && document.body.innerText.includes("Welcome")')
    equal(await browser.execute('return location.search'), '')
    equal(await browser.execute('return Object.keys(sessionStorage).length + Object.keys(localStorage).length'), 0)
  }]
  yield ['a person who cancels is told so', async () => {
    await browser.click('button')
    await browser.click('[data-testid="cancel"]')
    await browser.see('Could not sign in: provider_access_denied')
  }]
  yield ['an address that somebody made up is refused', async () => {
    await browser.open(`${origin}/callback?code=made-up&state=made-up&iss=${encodeURIComponent(issuer)}`)
    await browser.see('Could not sign in: callback_state_unknown')
    equal(await browser.execute('return location.href'), `${origin}/callback`)
  }]
  yield ['parameters of another page are left alone', async () => {
    await browser.open(`${origin}/other?code=1&state=2`)
    await browser.see('Welcome')
    equal(await browser.execute('return location.href'), `${origin}/other?code=1&state=2`)
  }]
  yield ['a person signs in for another organisation', async () => {
    await signIn()
    await choose('312223333')
    await browser.see('(312223333)')
  }]
}

/** Builds the example as it stands, but for the three things that an application has of its own. */
async function built(project, example) {
  const root = join(project, example.replace('.', '-'))
  mkdirSync(root)
  cpSync(join(here, '../../pkg/examples', example), join(root, example))
  const text = readFileSync(join(root, example), 'utf8')
  const replaced = text
    .replace('ansattporten.test', `ansattporten.local(${JSON.stringify(issuer)})`)
    .replace('my-client-id', clientId)
  if (replaced === text) throw new Error('the example has another form than is expected')
  writeFileSync(join(root, example), replaced)
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: { jsx: 'react-jsx' } }))
  writeFileSync(
    join(root, 'index.html'),
    `<!doctype html><meta charset="utf-8"><main></main><script type="module" src="${example}"></script>`,
  )
  await build({ root, logLevel: 'error', build: { outDir: 'dist', target: 'es2022' } })
  return join(root, 'dist')
}

/** Serves a single-page application: every address that is no file is the page. */
async function withServer(folder, work) {
  const server = createServer((request, response) => {
    const file = join(folder, new URL(request.url, 'http://localhost').pathname)
    const isScript = extname(file) === '.js' && existsSync(file)
    response.writeHead(200, {
      'content-type': isScript ? 'text/javascript' : 'text/html',
      'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${issuer}`,
    })
    response.end(readFileSync(isScript ? file : join(folder, 'index.html')))
  })
  await new Promise((resolve) => server.listen(Number(port), 'localhost', resolve))
  try {
    return await work()
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`${actual} is not ${expected}`)
}
