import { codeOf } from './outcome.mjs'

/**
 * The catalogue of attacks, played to the built modules, in any runtime.
 *
 * Each row is what the Rust side noted when it played the same: what a flow asked, what was answered, and how it ended.
 * The module must ask the same, word for word, and end with the same code; signatures are not replayed, but left to the
 * runtime's WebCrypto.
 *
 * `parts` are those of the installed package: what calls a module, what asks WebCrypto, the entry
 * `verify`, and of each module the generated glue and what is compiled.
 */
export async function playAttacks(rows, { Core, answered, verify, modules }) {
  const coreOf = ({ glue, compiled }) => new Core({ ...glue }, () => compiled)
  const [login, logout] = [coreOf(modules.login), coreOf(modules.verify)]
  const results = []
  for (const { name, code, said } of rows) {
    try {
      if (!Array.isArray(said)) await token(verify, logout, said, code)
      for (const play of Array.isArray(said) ? said : []) await flow(login, answered, play)
      results.push({ name })
    } catch (error) {
      results.push({ name, failure: `${error?.message ?? error}` })
    }
  }
  return results
}

/** One flow, message by message. */
async function flow(login, answered, { start, turns, code }) {
  if (start.flow === 'logout_return') {
    const { isReturn } = login.ask((calls) => calls.logout_return(start.url, start.stored, start.now))
    return same(isReturn, start.isReturn, 'the return')
  }
  const rest = turns.values()
  flows += 1
  const ended = await codeOf(async () => {
    let step = login.ask((calls) => begin(calls, flows, start))
    while (step.kind !== 'done') {
      const turn = rest.next().value
      if (turn === undefined) throw new Error(`it asks for more: ${step.kind} ${step.url}`)
      const { answer, body } = step.kind === 'verify' ? await signature(answered, step, turn) : message(step, turn)
      const bytes = bytesOf(body)
      step = login.ask((calls) => calls.resume(flows, JSON.stringify(answer), bytes, start.now))
    }
    if (start.url !== undefined && start.flow !== 'complete_login') same(step.result.url, start.url, 'the address')
  })
  same(ended, code, 'the end')
  same(rest.next().done, true, 'nothing is left to ask')
}

/** Flows are named by numbers that are never used twice. */
let flows = 0

function begin(calls, flow, start) {
  const client = JSON.stringify(start.client)
  const random = bytesOf(start.random)
  const [stored, key] = [start.stored ?? undefined, start.proofKey ?? undefined]
  switch (start.flow) {
    case 'begin_login':
      return calls.begin_login(flow, client, JSON.stringify(start.request), undefined, undefined, random, start.now)
    case 'complete_login':
      return calls.complete_login(flow, client, start.url, stored, key, random, start.now)
    case 'refresh':
      return calls.refresh(flow, client, start.session, key, random, start.now)
    case 'begin_logout':
      return calls.begin_logout(flow, client, start.session, undefined, random, start.now)
    default:
      throw new Error(`there is no flow ${start.flow}`)
  }
}

async function signature(answered, step, turn) {
  same(turn.verify, true, 'a signature')
  const signingInput = new TextEncoder().encode(step.signingInput)
  return { answer: { signature: await answered(step, signingInput, bytesOf(step.signature)) }, body: '' }
}

function message(step, { method, url, sent, maxResponseBytes, answer, body }) {
  same([step.method, step.url, step.body ?? null], [method, url, sent], 'the request')
  same(step.maxResponseBytes, maxResponseBytes, 'the limit of the answer')
  return { answer, body }
}

/** One token, by the host's cryptography and by the module alone. */
async function token({ createVerifier, ...presets }, logout, said, code) {
  if (said.kind === 'logout') {
    const judge = (calls) => calls.verify_logout_token(said.token, said.jwks, JSON.stringify(said.options), said.now)
    return same(await codeOf(() => logout.call(judge)), code, 'the logout token')
  }
  const made = (keys) =>
    createVerifier({ issuer: presets[said.kind]?.test ?? said.kind, ...said.options, ...keys, clock: () => said.now })
  const requirements = said.requirements ?? undefined
  const jwks = JSON.parse(said.jwks)
  // The text of the key set may say what an object of JavaScript does not keep.
  if (JSON.stringify(jwks) === said.jwks) {
    same(await codeOf(() => made({ jwks }).verify(said.token, requirements)), code, 'verify')
    same(await codeOf(() => made({ jwks }).verifySync(said.token, undefined, requirements)), code, 'verifySync')
  }
  const fetch = async () => new Response(said.jwks, { headers: { 'content-type': 'application/json' } })
  const fetched = made({ jwksUri: 'https://keys.example/', fetch })
  // What is too large is not read to its end.
  const expected = code === 'token_keys_too_large' ? 'transport_too_large' : code
  same(await codeOf(() => fetched.verify(said.token, requirements)), expected, 'verify with keys that are fetched')
}

/** Of base64url. Not every runtime has the same of `Buffer`. */
function bytesOf(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
}

function same(actual, expected, what) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`)
}
