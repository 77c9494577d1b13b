import { codeOf, core } from './core.mjs'

/** The limits of the modules themselves, which no test in Rust can reach: what is at one is taken, one more is not. */
export async function run(project) {
  const [login, verify] = [await core(project, 'login'), await core(project, 'verify')]
  return [await options(verify), await prepared(verify), await kept(login)]
}

const MAX_OPTIONS_BYTES = 1024 * 1024
const MAX_PREPARED = 32
const MAX_KEPT = 16

const NOW = 1_790_000_000
const KEYS = '{"keys":[]}'
const POLICY = '{"service":"idporten","issuer":"https://test.idporten.no","requiredScope":["a"]}'

async function options(verify) {
  const at = (size) => codeOf(() => verify.call((calls) => calls.check_policy(POLICY.padEnd(size))))
  const codes = [await at(MAX_OPTIONS_BYTES), await at(MAX_OPTIONS_BYTES + 1)]
  return same('options are read up to a mebibyte', codes, ['accepted', 'misuse_options'])
}

async function prepared(verify) {
  const prepare = (number) => verify.call((calls) => calls.prepare(number, POLICY, KEYS))
  for (let number = 1; number <= MAX_PREPARED; number += 1) prepare(number)
  const first = () => codeOf(() => verify.call((calls) => calls.verify(1, 'x', undefined, NOW)))
  const before = await first()
  prepare(MAX_PREPARED + 1)
  return same('the oldest verifier makes room', [before, await first()], ['token_malformed', 'internal_verifier_unknown'])
}

async function kept(login) {
  const client = JSON.stringify({
    service: 'ansattporten',
    issuer: 'https://test.ansattporten.no',
    environment: 'test',
    clientId: 'client-1',
    redirectUri: 'https://app.example/callback',
  })
  const random = Uint8Array.from({ length: 96 }, (_, index) => (index * 7919) % 251)
  for (let flow = 1; flow <= MAX_KEPT + 1; flow += 1) {
    login.call((calls) => calls.begin_login(flow, client, '{}', undefined, undefined, random, NOW))
  }
  const lost = '{"error":"transport_unreachable"}'
  const resumed = (flow) => codeOf(() => login.call((calls) => calls.resume(flow, lost, new Uint8Array(), NOW)))
  const codes = [await resumed(1), await resumed(2)]
  return same('the oldest flow makes room', codes, ['internal_flow_unknown', 'transport_unreachable'])
}

function same(name, actual, expected) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  return left === right ? { name } : { name, failure: `${left} is not ${right}` }
}
