import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { transformSync } from 'esbuild'

import { ISSUER, checkExample } from '../edge/example.mjs'
import { addEdgeSuite, edgeProgram, printing } from '../edge/project.mjs'
import { jwks } from '../keys.mjs'
import { Skip, here } from '../project.mjs'
import { ARCHITECTURES } from './bun.mjs'
import { freePort, started } from './examples.mjs'
import { executableIn, runScript } from './script.mjs'

/** The logout endpoint with a real Valkey or Redis, and with the clients that each runtime has. */
export async function run(project) {
  addEdgeSuite(project)
  return withServer(async (port) => {
    const address = `redis://127.0.0.1:${port}`
    const results = []
    const suite = (name, executable, flags, own) => {
      const script = `${own(address)}${edgeProgram('stores')}${printing}await end()\n`
      const seen = runScript(project, executable, flags, script).filter(({ name }) => name.startsWith('Redis'))
      results.push(...seen.map((result) => ({ ...result, name: `${name}: ${result.name}` })))
    }
    suite('ioredis', process.execPath, [], ioredis)
    suite('node-redis', process.execPath, [], nodeRedis)
    const bun = executableIn('@oven', `bun-${process.platform}-${ARCHITECTURES[process.arch]}`, 'bin/bun')
    if (bun !== undefined) suite('Bun', bun, ['run'], bunRedis)
    results.push(await example(project, address))
    return results
  })
}

/** The example for Node, as a server of its own, with an issuer in place of the network. */
async function example(project, address) {
  const source = readFileSync(join(here, '../../pkg/examples/logout-node.ts'), 'utf8')
  writeFileSync(join(project, 'logout-node.mjs'), transformSync(source, { loader: 'ts', format: 'esm' }).code)
  const metadata = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }
  const answer = `Response.json(url.endsWith('/jwks') ? ${JSON.stringify(jwks)} : ${JSON.stringify(metadata)})`
  writeFileSync(join(project, 'issuer.mjs'), `globalThis.fetch = async (url) => ${answer}`)
  const port = await freePort()
  const server = spawn(process.execPath, ['--import', './issuer.mjs', 'logout-node.mjs'], {
    cwd: project,
    env: { ...process.env, PORT: String(port), REDIS_URL: address },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    await started(`http://127.0.0.1:${port}/`)
    return await checkExample('the example for Node', (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init))
  } finally {
    server.kill()
  }
}

const ioredis = (address) => `
import { Redis } from 'ioredis'
const client = new Redis('${address}')
const stores = [['Redis', () => edge.redisStore(([name, ...rest]) => client.call(name, ...rest), { prefix: 'ioredis:' })]]
const end = () => client.quit()
`

const nodeRedis = (address) => `
import { createClient } from 'redis'
const client = await createClient({ url: '${address}' }).connect()
const stores = [['Redis', () => edge.redisStore((command) => client.sendCommand(command), { prefix: 'node-redis:' })]]
const end = () => client.close()
`

const bunRedis = (address) => `
import { RedisClient } from 'bun'
const client = new RedisClient('${address}')
const stores = [['Redis', () => edge.redisStore(([name, ...rest]) => client.send(name, rest), { prefix: 'bun:' })]]
const end = () => client.close()
`

/** Starts the server that this machine has, by itself in a folder of its own. */
async function withServer(work) {
  const program = ['valkey-server', 'redis-server'].find(isInstalled)
  if (program === undefined) throw new Skip('this machine has neither valkey-server nor redis-server')
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-redis-'))
  const port = await freePort()
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const server = spawn(program, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await ready(server)
    return await work(port)
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

function isInstalled(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function ready(server) {
  let output = ''
  for await (const chunk of server.stdout) {
    output += chunk
    if (output.includes('Ready to accept connections')) {
      server.stdout.resume()
      return
    }
  }
  throw new Error(`the server ended by itself: ${output}`)
}
