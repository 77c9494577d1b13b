import { jwks, token } from '../keys.mjs'
import { codeOf, compared } from '../outcome.mjs'
import { core } from './core.mjs'

/** The limits of the modules themselves, which no test in Rust can reach: what is at one is taken, one more is not. */
export async function run(project) {
  const [login, verify] = [await core(project, 'login'), await core(project, 'verify')]
  return [
    await options(verify),
    await prepared(verify),
    await waiting(verify),
    await kept(login),
    await memory(project),
    await stuck(project),
  ]
}

const MAX_OPTIONS_BYTES = 1024 * 1024
const MAX_PREPARED = 32
const MAX_READINGS = 128
const MAX_KEPT = 16
const MAX_MEMORY_BYTES = 64 * 1024 * 1024

const NOW = 1_790_000_000
const KEYS = '{"keys":[]}'
const POLICY = '{"service":"idporten","issuer":"https://test.idporten.no","requiredScope":["a"]}'

async function options(verify) {
  const at = (size) => codeOf(() => verify.call((calls) => calls.check_policy(POLICY.padEnd(size))))
  const codes = [await at(MAX_OPTIONS_BYTES), await at(MAX_OPTIONS_BYTES + 1)]
  return compared('options are read up to a mebibyte', codes, ['accepted', 'misuse_options'])
}

async function prepared(verify) {
  const prepare = (number) => verify.call((calls) => calls.prepare(number, POLICY, KEYS))
  for (let number = 1; number <= MAX_PREPARED; number += 1) prepare(number)
  const first = () => codeOf(() => verify.call((calls) => calls.verify(1, 'x', undefined, NOW)))
  const before = await first()
  prepare(MAX_PREPARED + 1)
  return compared('the oldest verifier makes room', [before, await first()], ['token_malformed', 'internal_verifier_unknown'])
}

const CLIENT = JSON.stringify({
  service: 'ansattporten',
  issuer: 'https://test.ansattporten.no',
  environment: 'test',
  clientId: 'client-1',
  redirectUri: 'https://app.example/callback',
})
const RANDOM = Uint8Array.from({ length: 96 }, (_, index) => (index * 7919) % 251)

const begin = (login, flow) =>
  login.call((calls) => calls.begin_login(flow, CLIENT, '{}', undefined, undefined, RANDOM, NOW))
const abandon = (login, flow) => login.call((calls) => calls.abandon(flow))

async function waiting(verify) {
  verify.call((calls) => calls.prepare(1, POLICY, JSON.stringify(jwks)))
  const text = token({ iss: 'https://test.idporten.no', iat: NOW, exp: NOW + 60 })
  const read = (number) => verify.call((calls) => calls.question(1, number, text, undefined, NOW))
  const judge = (number) => codeOf(() => verify.call((calls) => calls.judge(1, number, 'no', undefined, NOW)))
  for (let number = 1; number <= MAX_READINGS; number += 1) read(number)
  const first = await judge(1)
  read(1)
  read(MAX_READINGS + 1)
  const codes = [first, await judge(2), await judge(3)]
  const expected = ['token_signature_invalid', 'internal_flow_unknown', 'token_signature_invalid']
  return compared('the oldest token that waits for its signature makes room', codes, expected)
}

async function kept(login) {
  for (let flow = 1; flow <= MAX_KEPT + 1; flow += 1) begin(login, flow)
  const lost = '{"error":"transport_unreachable"}'
  const resumed = (flow) => codeOf(() => login.call((calls) => calls.resume(flow, lost, new Uint8Array(), NOW)))
  const codes = [await resumed(1), await resumed(2)]
  return compared('the oldest flow makes room', codes, ['internal_flow_unknown', 'transport_unreachable'])
}

/** A page may be open for days. What a flow has taken is free when it ends, in whatever way. */
async function memory(project) {
  let instance
  const login = await core(project, 'login', (exported) => (instance = exported))
  const metadata = JSON.stringify({ issuer: 'https://test.ansattporten.no', padding: 'x'.repeat(60_000) })
  const answer = '{"status":200,"headers":[["content-type","application/json"]]}'
  const body = new TextEncoder().encode(metadata)
  const logins = async (count) => {
    for (let flow = 1; flow <= count; flow += 1) {
      begin(login, 2 * flow)
      // A second one meanwhile, as of a renewal.
      begin(login, 2 * flow + 1)
      abandon(login, 2 * flow)
      const code = await codeOf(() => login.call((calls) => calls.resume(2 * flow + 1, answer, body, NOW)))
      if (code !== 'misbehaved_metadata_member') return code
    }
    return instance.memory.buffer.byteLength
  }
  return compared('the memory does not grow with the number of logins', await logins(5_000), await logins(10))
}

/** A flow whose answer never comes holds what others take: up to the limit, and then the module begins anew. */
async function stuck(project) {
  let instance
  const login = await core(project, 'login', (exported) => (instance = exported))
  begin(login, 1)
  const first = instance.memory
  let code = 'accepted'
  for (let flow = 2; code === 'accepted' && flow < 100_000; flow += 1) {
    code = await codeOf(() => {
      begin(login, flow)
      abandon(login, flow)
    })
  }
  const next = await codeOf(() => begin(login, 1))
  const isLimited = first.buffer.byteLength <= MAX_MEMORY_BYTES
  return compared('a flow that is never answered does not hold more and more', [code, isLimited, next], [
    'environment_wasm_trapped',
    true,
    'accepted',
  ])
}
