import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

import { withBrowser } from '../webdriver.mjs'

const ISSUER = 'https://op.example'

/**
 * The static page for providers of the same site, in Chromium with its own defaults: the tab hears of a logout in a
 * frame under the provider's page, and hears nothing if the provider is on another site.
 */
export async function run(project) {
  const root = join(project, 'node_modules/portvakt')
  const page = readFileSync(join(root, 'dist/logout.html'), 'utf8')
  const policy = /default-src 'none'; script-src '(sha256-[^']+)'/.exec(readFileSync(join(root, 'README.md'), 'utf8'))
  const [, script] = /<script>([\s\S]*?)<\/script>/.exec(page)
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`
  const results = [told('the README has the hash of the script', policy?.[1], hash)]
  const loaded = withResolvers()
  const application = await listening((url) => {
    if (url.pathname === '/logout.html') return [page, `default-src 'none'; script-src '${hash}'; frame-ancestors *`]
    return ['<!doctype html><title>The application</title>', "default-src 'none'"]
  })
  const provider = await listening((url) => {
    if (url.pathname === '/loaded') loaded.resolve()
    const query = new URLSearchParams({ iss: ISSUER, sid: url.searchParams.get('sid') ?? '' })
    const frame = `http://localhost:${application.port}/logout.html?${query}`
    return [`<!doctype html><iframe src="${frame}" onload="fetch('/loaded')"></iframe>`, '']
  })
  try {
    const heard = await withBrowser(async (browser) => {
      await browser.open(`http://localhost:${application.port}/`)
      await browser.execute(`window.heard = []
        new BroadcastChannel('portvakt.logout').onmessage = ({ data }) => heard.push(data)`)
      // Ports are of no importance for what a site is; the host is.
      await browser.execute(`window.open('http://127.0.0.1:${provider.port}/?sid=elsewhere', '_blank', 'noopener')`)
      await loaded.promise
      await browser.execute(`window.open('http://localhost:${provider.port}/?sid=here', '_blank', 'noopener')`)
      await browser.wait('return heard.length >= 2')
      return browser.execute('return heard')
    })
    const session = (issuer) => createHash('sha256').update(`${issuer}\nhere`).digest('base64url')
    const expected = [ISSUER, `${ISSUER}/`].map((issuer) => ({ kind: 'logout', session: session(issuer) }))
    results.push(told('a tab hears of a logout on its own site, and of none on another', JSON.stringify(heard), JSON.stringify(expected)))
  } finally {
    application.close()
    provider.close()
  }
  return results
}

function told(name, actual, expected) {
  return actual === expected ? { name } : { name, failure: `${actual} is not ${expected}` }
}

function withResolvers() {
  const parts = {}
  parts.promise = new Promise((resolve) => Object.assign(parts, { resolve }))
  return parts
}

async function listening(answer) {
  const server = createServer((request, response) => {
    const [body, policy] = answer(new URL(request.url, 'http://localhost'))
    const headers = { 'content-type': 'text/html; charset=utf-8', ...(policy && { 'content-security-policy': policy }) }
    response.writeHead(200, headers).end(body)
  })
  await new Promise((resolve) => server.listen(0, resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { port: server.address().port, close }
}
