import { brotliCompressSync } from 'node:zlib'

import { build } from 'esbuild'

import { addEdgeSuite, edgeProgram, printing } from '../edge/project.mjs'
import { runScript } from './script.mjs'

/**
 * The most bytes, minified and compressed, of an endpoint with a store in memory and one in Redis: a Worker that starts
 * has nothing else to read.
 */
const MAX_BYTES = 6_000

/** The logout endpoint in Node: its own server, the module that is loaded when a logout token comes, and its size. */
export async function run(project) {
  addEdgeSuite(project)
  return [
    ...runScript(project, process.execPath, [], `${edgeProgram('[]', 'serve')}${serve}${printing}`),
    ...runScript(project, process.execPath, [], lazily),
    ...(await bundled(project)),
  ]
}

/** What a bundler makes of an endpoint: nothing of the stores that are not used, and no module before it is needed. */
async function bundled(project) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "export { ansattporten, createLogoutEndpoint, memoryStore, redisStore } from 'portvakt/edge'",
      resolveDir: project,
    },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: project,
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  const [path] = Object.keys(metafile.outputs).filter((name) => metafile.outputs[name].entryPoint !== undefined)
  // What both parts have in common is a part too.
  const needed = [path, ...metafile.outputs[path].imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path)]
  const isNeeded = (file) => needed.some((name) => file.path.endsWith(name.slice(name.lastIndexOf('/'))))
  const code = Buffer.concat(outputFiles.filter(isNeeded).map(({ contents }) => contents))
  const size = brotliCompressSync(code).length
  const check = (name, holds, failure) => (holds ? { name } : { name, failure })
  return [
    check('a bundle has the stores that are used', code.includes('EXISTS'), 'there is no Redis'),
    check('and none that is not', !code.includes('setAlarm') && !code.includes('expireIn'), 'there are others'),
    check('and is small', size <= MAX_BYTES, `${size} bytes are more than ${MAX_BYTES}`),
  ]
}

const serve = `
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
async function serve(endpoint) {
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await endpoint(new Request('http://localhost' + request.url, { headers: request.headers }))
    response.writeHead(status, Object.fromEntries(headers))
    await pipeline(Readable.fromWeb(body), response).catch(() => {})
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: 'http://127.0.0.1:' + server.address().port, close: () => (server.closeAllConnections(), server.close()) }
}
`

const lazily = `
import { data } from './edge-data.mjs'
const instances = []
const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given)
    // Another one makes the module's bytes of its text, and is gone then.
    if (!('unmask' in this.exports)) instances.push(this)
  }
}
const edge = await import('portvakt/edge')
const { createVerifier } = await import('portvakt/verify')
const backChannel = { clientIds: ['client-1'], jwks: data.jwks }
const options = { issuer: edge.ansattporten.test, store: edge.memoryStore(), backChannel }
const endpoint = edge.createLogoutEndpoint(options)
const results = []
const check = (name, actual, expected) =>
  results.push(actual === expected ? { name } : { name, failure: actual + ' is not ' + expected })
const query = new URLSearchParams({ iss: data.issuer, sid: 's-1' })
await endpoint(new Request('https://app.example/logout?' + query))
check('a logout in a frame needs no module', instances.length, 0)
const post = async (index) => {
  const body = new URLSearchParams({ logout_token: data.good.tokens[index] })
  return (await endpoint(new Request('https://app.example/logout', { method: 'POST', body }))).status
}
check('a posted logout is judged', await post(0), 200)
check('by one instance of the module', instances.length, 1)
check('and so is the next', await post(1), 200)
createVerifier({ issuer: 'https://issuer.example', audience: 'https://api.example', jwks: data.jwks })
check('which verifiers of tokens share', instances.length, 1)
console.log(JSON.stringify(results))
`
