import { execFileSync, spawn } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

import { transformSync } from 'esbuild'
import { Miniflare, Response as MiniflareResponse } from 'miniflare'

import { jwks, tampered, token } from '../keys.mjs'
import { here } from '../project.mjs'
import { executableIn } from './script.mjs'
import { compile } from './types.mjs'
import { workerModules } from './workerd.mjs'

const EXAMPLES = join(here, '../../pkg/examples')

/** The longest an example may be, in lines. */
const MAX_LINES = 40

/** Every example is short, compiles, and those for servers accept and refuse what they say; see `login` for the others. */
export async function run(project) {
  const files = readdirSync(EXAMPLES)
  for (const file of files) cpSync(join(EXAMPLES, file), join(project, file))
  const results = files.map((file) => {
    const lines = readFileSync(join(EXAMPLES, file), 'utf8').trimEnd().split('\n').length
    return { name: `${file} is short`, ...(lines > MAX_LINES && { failure: `${lines} lines` }) }
  })
  const failure = compile(project, files, { module: 'esnext', moduleResolution: 'bundler', types: ['node'] })
  results.push({ name: 'the examples compile', ...(failure && { failure }) })
  for (const [name, serve] of Object.entries({ worker, deno, node })) {
    results.push(...(await serve(project)).map((result) => ({ ...result, name: `${name}: ${result.name}` })))
  }
  return results
}

/** What every issuer is asked for, by the path of the address. */
function issued(url, issuer) {
  return url.includes('/.well-known/') && !url.endsWith('jwks.json') ? { issuer, jwks_uri: `${new URL(issuer).origin}/jwks.json` } : jwks
}

async function worker(project) {
  const issuer = 'https://test.ansattporten.no'
  const { script, modules } = await workerModules(join(project, 'worker.ts'))
  const miniflare = new Miniflare({
    compatibilityDate: '2025-01-01',
    modules: [{ type: 'ESModule', path: 'main.mjs', contents: script }, ...modules],
    outboundService: (request) => MiniflareResponse.json(issued(request.url, issuer)),
  })
  try {
    const details = (number) => [
      {
        type: 'ansattporten:altinn:resource',
        resource: 'urn:altinn:resource:demo-post',
        authorized_parties: [{ orgno: organisation(number), resource: 'demo-post' }],
      },
    ]
    const good = accessToken(issuer, { authorization_details: details('310000019') })
    return await answers((authorization) => miniflare.dispatchFetch('http://localhost/', { headers: authorization }), [
      ['no token', undefined, 401],
      ['the token of an organisation', good, 200, { organisations: ['310000019'] }],
      ['the token of somebody by themselves', accessToken(issuer, {}), 403],
      ['a changed token', tampered(good), 401],
    ])
  } finally {
    await miniflare.dispose()
  }
}

/** The handler of the example is called in Deno, with an issuer in place of the network. */
async function deno(project) {
  const executable = executableIn('@deno', process.platform, 'deno')
  if (executable === undefined) return [{ name: 'Deno', skipped: 'npm has no Deno for this machine' }]
  const issuer = 'https://test.maskinporten.no/'
  const own = accessToken(issuer, { consumer: organisation('310000019') })
  const delegated = accessToken(issuer, {
    consumer: organisation('310000019'),
    supplier: organisation('310000027'),
    delegation_source: 'https://tt02.altinn.no/',
  })
  const tokens = [undefined, own, delegated, tampered(own)]
  const metadata = { issuer, jwks_uri: 'https://test.maskinporten.no/jwk' }
  writeFileSync(
    join(project, 'call-deno.mjs'),
    `globalThis.fetch = async (url) => Response.json(url.endsWith('/jwk') ? ${JSON.stringify(jwks)} : ${JSON.stringify(metadata)})
    const { default: example } = await import('./deno.ts')
    const answers = []
    for (const token of ${JSON.stringify(tokens.map((text) => text ?? null))}) {
      const headers = token === null ? {} : { authorization: 'Bearer ' + token }
      const response = await example.fetch(new Request('http://localhost/', { headers }))
      answers.push([response.status, await response.text()])
    }
    console.log(JSON.stringify(answers))`,
  )
  const output = execFileSync(executable, ['run', '--no-prompt', '--cached-only', '--allow-read', 'call-deno.mjs'], {
    cwd: project,
    encoding: 'utf8',
  })
  const seen = JSON.parse(output.trim().split('\n').at(-1))
  const expected = [[401, ''], [200, '{"consumer":"310000019"}'], [403, ''], [401, '']]
  const names = ['no token', 'an organisation itself', 'a supplier', 'a changed token']
  return names.map((name, index) => compared(name, seen[index], expected[index]))
}

/** The example is started as a server, with an issuer in place of the network. */
async function node(project) {
  const issuer = 'https://platform.tt02.altinn.no/dialogporten/api/v1'
  const { code } = transformSync(readFileSync(join(project, 'node.ts'), 'utf8'), { loader: 'ts', format: 'esm' })
  writeFileSync(join(project, 'node.mjs'), code)
  const metadata = { issuer, jwks_uri: `${issuer}/.well-known/jwks.json` }
  writeFileSync(
    join(project, 'issuer.mjs'),
    `globalThis.fetch = async (url) => Response.json(url.endsWith('jwks.json') ? ${JSON.stringify(jwks)} : ${JSON.stringify(metadata)})`,
  )
  const port = await freePort()
  const server = spawn(process.execPath, ['--import', './issuer.mjs', 'node.mjs'], {
    cwd: project,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    const dialogId = '0194fe82-9280-77a5-a7cd-5ff0e6a6fa07'
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      c: 'urn:altinn:person:identifier-no:15868510045',
      p: 'urn:altinn:organization:identifier-no:310000019',
      s: 'urn:altinn:resource:demo-post',
      i: dialogId,
      a: 'read',
      l: 3,
      iat: now,
      nbf: now,
      exp: now + 600,
    }
    const header = { alg: 'EdDSA', typ: 'JWT' }
    const good = token(claims, header)
    const url = `http://127.0.0.1:${port}/dialogs/${dialogId}`
    await started(url)
    return await answers((headers) => fetch(url, { headers }), [
      ['no token', undefined, 401],
      ['the token of the dialog', good, 200, { actions: ['read'] }],
      ['the token of another dialog', token({ ...claims, i: dialogId.replace('07', '08') }, header), 401],
      ['a token without the action', token({ ...claims, a: 'write' }, header), 403],
      ['a changed token', tampered(good), 401],
    ])
  } finally {
    server.kill()
  }
}

async function answers(ask, cases) {
  const results = []
  for (const [name, text, status, body] of cases) {
    const response = await ask(text === undefined ? {} : { authorization: `Bearer ${text}` })
    const seen = await response.text()
    results.push(compared(name, [response.status, seen], [status, body === undefined ? '' : JSON.stringify(body)]))
  }
  return results
}

function compared(name, seen, expected) {
  const [left, right] = [JSON.stringify(seen), JSON.stringify(expected)]
  return left === right ? { name } : { name, failure: `${left} is not ${right}` }
}

function accessToken(issuer, claims) {
  const now = Math.floor(Date.now() / 1000)
  const common = { iss: issuer, sub: 'subject', client_id: 'client-1', scope: 'example:api', jti: '1' }
  return token({ ...common, iat: now, exp: now + 120, ...claims })
}

function organisation(number) {
  return { authority: 'iso6523-actorid-upis', ID: `0192:${number}` }
}

/** Asks until somebody answers. */
export async function started(url) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await fetch(url).catch(() => undefined)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the server did not start')
}

/** A port that nobody listens at. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
