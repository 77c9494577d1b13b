import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The catalogue of attacks, played to the built modules.
 *
 * `PORTVAKT_ATTACKS` names the file that the Rust side wrote when it played the same rows: what a flow asked, what was
 * answered, and how it ended. The module must ask the same, word for word, and end with the same code; signatures are
 * not replayed, but left to WebCrypto.
 */
export async function run(project) {
  const from = (path) => import(join(project, 'node_modules/portvakt/dist', path))
  const glue = await from('wasm/portvakt_login.js')
  glue.initSync({ module: readFileSync(join(project, 'node_modules/portvakt/dist/wasm/portvakt_login_bg.wasm')) })
  const { answered } = await from('webcrypto.js')
  const verify = await from('entry/verify.js')
  const judge = await logoutTokens(from, project)
  const results = []
  for (const { name, code, said } of JSON.parse(readFileSync(process.env.PORTVAKT_ATTACKS, 'utf8'))) {
    try {
      if (!Array.isArray(said)) await token(verify, judge, said, code)
      for (const play of Array.isArray(said) ? said : []) await flow(glue, answered, play)
      results.push({ name })
    } catch (error) {
      results.push({ name, failure: `${error?.message ?? error}` })
    }
  }
  return results
}

/** One flow, message by message. */
async function flow(glue, answered, { start, turns, code }) {
  if (start.flow === 'logout_return') {
    const { isReturn } = JSON.parse(glue.logout_return(start.url, start.stored, start.now))
    return same(isReturn, start.isReturn, 'the return')
  }
  const rest = turns.values()
  try {
    flows += 1
    let step = JSON.parse(begin(glue, flows, start))
    while (step.kind !== 'done') {
      const turn = rest.next().value
      if (turn === undefined) throw new Error(`it asks for more: ${step.kind} ${step.url}`)
      const { answer, body } = step.kind === 'verify' ? await signature(answered, step, turn) : message(step, turn)
      step = JSON.parse(glue.resume(flows, JSON.stringify(answer), Buffer.from(body, 'base64url'), start.now))
    }
    same('accepted', code, 'the end')
    if (start.url !== undefined && start.flow !== 'complete_login') same(step.result.url, start.url, 'the address')
  } catch (thrown) {
    if (typeof thrown !== 'string') throw thrown
    same(JSON.parse(thrown).code, code, 'the end')
  }
  same(rest.next().done, true, 'nothing is left to ask')
}

/** Flows are named by numbers that are never used twice. */
let flows = 0

function begin(glue, flow, start) {
  const client = JSON.stringify(start.client)
  const random = new Uint8Array(Buffer.from(start.random, 'base64url'))
  const [stored, key] = [start.stored ?? undefined, start.proofKey ?? undefined]
  switch (start.flow) {
    case 'begin_login':
      return glue.begin_login(flow, client, JSON.stringify(start.request), undefined, undefined, random, start.now)
    case 'complete_login':
      return glue.complete_login(flow, client, start.url, stored, key, random, start.now)
    case 'refresh':
      return glue.refresh(flow, client, start.session, key, random, start.now)
    case 'begin_logout':
      return glue.begin_logout(flow, client, start.session, undefined, random, start.now)
    default:
      throw new Error(`there is no flow ${start.flow}`)
  }
}

async function signature(answered, step, turn) {
  same(turn.verify, true, 'a signature')
  return { answer: { signature: await answered(step) }, body: '' }
}

function message(step, { method, url, sent, maxResponseBytes, answer, body }) {
  same([step.method, step.url, step.body ?? null], [method, url, sent], 'the request')
  same(step.maxResponseBytes, maxResponseBytes, 'the limit of the answer')
  return { answer, body }
}

/** One token, by WebCrypto and by the module alone. */
async function token({ createVerifier, PortvaktError, ...presets }, judge, said, code) {
  const codeOf = async (work) => {
    try {
      await work()
      return 'accepted'
    } catch (error) {
      if (!(error instanceof PortvaktError)) throw error
      return error.code
    }
  }
  if (said.kind === 'logout') return same(judge(said), code, 'the logout token')
  // A key set that cannot be read is refused when the verifier is made.
  const made = () =>
    createVerifier({
      issuer: presets[said.kind]?.test ?? said.kind,
      ...said.options,
      jwks: JSON.parse(said.jwks),
      clock: () => said.now,
    })
  const requirements = said.requirements ?? undefined
  const isText = JSON.stringify(JSON.parse(said.jwks)) === said.jwks
  if (isText) {
    same(await codeOf(() => made().verify(said.token, requirements)), code, 'verify')
    same(await codeOf(() => made().verifySync(said.token, undefined, requirements)), code, 'verifySync')
  }
  // The text of the key set as it was published, which an object of JavaScript may have lost.
  const fetched = createVerifier({
    issuer: presets[said.kind]?.test ?? said.kind,
    ...said.options,
    clock: () => said.now,
    jwksUri: 'https://keys.example/',
    fetch: async () => new Response(said.jwks, { headers: { 'content-type': 'application/json' } }),
  })
  const expected = LARGE.has(code) ? 'transport_too_large' : code
  same(await codeOf(() => fetched.verify(said.token, requirements)), expected, 'verify with keys that are fetched')
}

/** What is too large is not read to its end. */
const LARGE = new Set(['token_keys_too_large'])

async function logoutTokens(from, project) {
  const glue = await from('wasm/portvakt_verify.js')
  return ({ token, jwks, options, now }) => {
    glue.initSync({ module: readFileSync(join(project, 'node_modules/portvakt/dist/wasm/portvakt_verify_bg.wasm')) })
    try {
      glue.verify_logout_token(token, jwks, JSON.stringify(options), now)
      return 'accepted'
    } catch (thrown) {
      if (typeof thrown !== 'string') throw thrown
      return JSON.parse(thrown).code
    }
  }
}

function same(actual, expected, what) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`)
}
