import { fromBase64url } from '../base64url.js'
import type { Core } from '../core.js'
import { PortvaktError } from '../errors.js'
import { type Fetch, exchange } from '../transport.js'
import { written } from '../options.js'
import { type SignatureAnswer, answered } from '../webcrypto.js'
import { proof } from './dpop.js'
import type { FetchStep, LoginGlue, Step, VerifyStep } from './glue.js'

/** What carries the messages of flows. */
export interface Driver {
  readonly core: Core<LoginGlue>
  readonly fetch: Fetch
  readonly clock: () => number
}

/** Flows are named by numbers that are never used twice, so that none is taken for another after a trap. */
let flows = 0

/** The random bytes of one flow: state, nonce and code_verifier, or the names of proofs. */
const RANDOM_BYTES = 96

/** Draws the random bytes of one flow. */
export function random(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))
}

/**
 * Carries the messages of one flow, and gives its result.
 *
 * `meanwhile` is called once, when the first request is on its way.
 */
export async function drive<T>(
  { core, fetch, clock }: Driver,
  proofKeys: CryptoKeyPair | undefined,
  start: (glue: LoginGlue, flow: number) => string,
  meanwhile?: () => void,
): Promise<T> {
  flows += 1
  const flow = flows
  const carry = carrier(fetch, proofKeys, meanwhile)
  let step = core.ask<Step<T>>((glue) => start(glue, flow))
  while (step.kind !== 'done') {
    const { body = NOTHING, ...answer } = step.kind === 'fetch' ? await carry(step) : { signature: await signatureOf(step) }
    step = core.ask<Step<T>>((glue) => glue.resume(flow, written(answer), body, clock()))
  }
  return step.result
}

/** Sends requests, and behind each the one that will be asked for next: its answer is there then, and is given once. */
function carrier(
  fetch: Fetch,
  proofKeys: CryptoKeyPair | undefined,
  meanwhile: (() => void) | undefined,
): (step: FetchStep) => Promise<Carried> {
  let ahead: { request: string; answer: Promise<Carried> } | undefined
  return (step) => {
    const known = ahead
    ahead = undefined
    if (known?.request === JSON.stringify(step)) return known.answer
    const headers = proven(step, proofKeys)
    const answer = carried(fetch, step, headers)
    const next = step.ahead
    if (next !== undefined) {
      // After it, so that the connection which is open already is for what is awaited first.
      const send = () => carried(fetch, next, proven(next, undefined))
      ahead = { request: JSON.stringify(next), answer: headers.then(send, send) }
    }
    if (meanwhile !== undefined) headers.then(meanwhile, meanwhile)
    meanwhile = undefined
    return answer
  }
}

/** The headers of a request, and the proof among them if it is to have one. */
async function proven(step: FetchStep, proofKeys: CryptoKeyPair | undefined): Promise<[string, string][]> {
  const headers = [...step.headers]
  if (step.proof !== undefined && proofKeys !== undefined) headers.push(['dpop', await proof(proofKeys, step.proof)])
  return headers
}

/** What came back, as the flow reads it. */
interface Carried {
  body?: Uint8Array
}

const NOTHING = new Uint8Array()

function signatureOf(step: VerifyStep): Promise<SignatureAnswer> {
  return answered(step, new TextEncoder().encode(step.signingInput), fromBase64url(step.signature))
}

/** The answer, or the code of what went wrong on the way: both are the flow's to judge. */
async function carried(fetch: Fetch, step: FetchStep, headers: Promise<[string, string][]>): Promise<Carried> {
  try {
    const init: RequestInit = {
      method: step.method,
      headers: await headers,
      mode: 'cors',
      credentials: 'omit',
      // What is posted is in no cache anyway, and browsers would ask anew whether they may post at all.
      cache: step.method === 'POST' ? 'default' : 'no-store',
      referrerPolicy: 'no-referrer',
    }
    if (step.body !== undefined) init.body = step.body
    return await exchange(fetch, step.url, init, step.maxResponseBytes)
  } catch (error) {
    const isTransport = error instanceof PortvaktError && error.fault === 'transport'
    const failed: Carried & { error: string } = { error: isTransport ? error.code : 'transport_unreachable' }
    return failed
  }
}
