import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

import { build as viteBuild } from 'vite'
import webpack from 'webpack'

import { program } from '../project.mjs'
import { withBrowser } from '../webdriver.mjs'

/** Builds of Vite and webpack, a plain page with an import map, and one whose policy blocks WebAssembly: in Chromium. */
export async function run(project) {
  writeFileSync(join(project, 'main.mjs'), page(program, 'runSuite(verify, login, data)'))
  const pages = { vite: await withVite(project), webpack: await withWebpack(project), plain: plain(project) }
  const results = []
  await withServer(project, (origin) =>
    withBrowser(async (browser) => {
      for (const [name, path] of Object.entries(pages)) {
        await browser.open(`${origin}${path}`)
        for (const result of await browser.results()) results.push({ ...result, name: `${name}: ${result.name}` })
      }
      await browser.open(`${origin}${pages.plain}?blocked`)
      results.push(told(await browser.results(), 'environment_wasm_blocked', "'wasm-unsafe-eval'"))
      await browser.open(`${origin}${pages.webpack}?charset=windows-1252`)
      results.push(told(await browser.results(), 'environment_script_charset', 'UTF-8'))
    }),
  )
  return results
}

/** Runs a program whose results are the value of a promise, in a page without a bundler. */
export async function runInChromium(project, program, results) {
  writeFileSync(join(project, 'main.mjs'), page(program, results))
  return withServer(project, (origin) =>
    withBrowser(async (browser) => {
      await browser.open(`${origin}${plain(project)}`)
      return browser.results()
    }),
  )
}

/** The script of a page: the tests wait for its title. */
function page(program, results) {
  return `${program}${results}.then((results) => {
      window.results = results
      document.title = 'done'
    }, (error) => {
      window.results = [{ name: 'the page', failure: String(error) }]
      document.title = 'done'
    })\n`
}

/** What the suite sees first on a page that does not let the module be compiled. */
function told(results, code, remedy) {
  const name = `a page is told of ${code}`
  const seen = results[0]?.failure ?? 'nothing'
  return seen.includes(code) && seen.includes(remedy) ? { name } : { name, failure: seen }
}

async function withVite(project) {
  const root = join(project, 'vite')
  mkdirSync(root)
  writeFileSync(join(root, 'index.html'), '<!doctype html><meta charset="utf-8"><title></title><script type="module" src="../main.mjs"></script>')
  await viteBuild({ root, base: './', logLevel: 'error', build: { outDir: 'dist' } })
  return '/vite/dist/index.html'
}

async function withWebpack(project) {
  const path = join(project, 'webpack')
  const stats = await new Promise((resolve, reject) =>
    webpack(
      { mode: 'production', context: project, entry: './main.mjs', output: { path, filename: 'main.js' } },
      (error, stats) => (error ? reject(error) : resolve(stats)),
    ),
  )
  if (stats.hasErrors()) throw new Error(stats.toString('errors-only'))
  writeFileSync(join(path, 'index.html'), '<!doctype html><meta charset="utf-8"><title></title><script src="main.js" defer></script>')
  return '/webpack/index.html'
}

/** No bundler: the browser finds the package by an import map, and the package its own parts by relative paths. */
function plain(project) {
  const entry = (subpath) => {
    const { exports } = JSON.parse(readFileSync(join(project, 'node_modules/portvakt/package.json'), 'utf8'))
    return exports[subpath].browser.default.slice(1)
  }
  const imports = {
    portvakt: `/node_modules/portvakt${entry('.')}`,
    'portvakt/verify': `/node_modules/portvakt${entry('./verify')}`,
  }
  writeFileSync(
    join(project, 'plain.html'),
    `<!doctype html><meta charset="utf-8"><title></title>
    <script type="importmap" nonce="map">${JSON.stringify({ imports })}</script>
    <script type="module" src="/main.mjs"></script>`,
  )
  return '/plain.html'
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' }

/** Scripts say no charset, as many servers do: what counts is the page's. */
function type(extension, charset) {
  const type = TYPES[extension] ?? 'application/octet-stream'
  return charset === null ? type : `${type}; charset=${charset}`
}

async function withServer(folder, work) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost')
    const file = join(folder, url.pathname)
    if (!existsSync(file)) return response.writeHead(404).end()
    const wasm = url.searchParams.has('blocked') ? '' : " 'wasm-unsafe-eval'"
    response.writeHead(200, {
      'content-type': type(extname(file), url.searchParams.get('charset')),
      'content-security-policy': `default-src 'none'; connect-src 'self'; script-src 'self' 'nonce-map'${wasm}`,
    })
    response.end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`http://127.0.0.1:${server.address().port}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

