// Chromium: a bundle in a page, driven by WebDriver.

import { createServer } from 'node:http'
import { join } from 'node:path'

import { build } from '../../packaging/node_modules/esbuild/lib/main.js'
import { withBrowser } from '../../packaging/webdriver.mjs'
import { Unavailable } from '../project.mjs'
import { withChild } from './children.mjs'
import { cpuOf } from './cpu.mjs'

/** Gives the work a browser; `Unavailable` where there is none. */
export async function browser(work) {
  try {
    return await withBrowser(work)
  } catch (error) {
    throw error.code === 'ENOENT' ? new Unavailable('chromedriver is not installed') : error
  }
}

/** Starts a page that answers commands until it is stopped. */
export async function start(project) {
  const script = await bundle(join(project, 'page.mjs'))
  const [site, stopSite] = await serve({ '/': page('/main.js'), '/main.js': script })
  let stop
  const stopped = new Promise((resolve) => (stop = resolve))
  const opened = () =>
    new Promise((resolve, reject) => {
      browser(async (driven) => {
        await driven.open(`${site}/`)
        await driven.wait("return document.title === 'ready'")
        resolve(driven)
        await stopped
      }).catch(reject)
    })
  const [driven, pid] = await withChild(opened)
  return {
    ask: (command) => driven.execute('return window.run(arguments[0]).catch((error) => ({ failure: String(error?.stack ?? error) }))', command),
    cpu: () => (pid === undefined ? undefined : cpuOf(pid)),
    stop: () => {
      stop()
      stopSite()
    },
  }
}

/** One script of everything, as a bundler makes it for browsers. */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    conditions: ['browser'],
    logLevel: 'error',
  })
  return outputFiles[0].text
}

export const page = (script) => `<!doctype html><meta charset="utf-8"><title></title><script type="module" src="${script}"></script>`

/** As a server has them: encoded before anybody asks. */
const encoded = new Map()

function bytesOf(text) {
  if (!encoded.has(text)) encoded.set(text, Buffer.from(text))
  return encoded.get(text)
}

/** Serves texts by their paths; every address that is none is the page. Nothing is kept by the browser. */
export async function serve(files, { port = 0, host = '127.0.0.1' } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const isScript = pathname.endsWith('.js')
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html', 'cache-control': 'no-store' })
    response.end(bytesOf(files[pathname] ?? files['/'] ?? ''))
  })
  await new Promise((resolve) => server.listen(port, host, resolve))
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return [`http://${host}:${server.address().port}`, stop]
}
