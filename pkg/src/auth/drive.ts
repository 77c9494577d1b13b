import type { Core } from '../core.js'
import { PortvaktError } from '../errors.js'
import { type Fetch, exchange } from '../transport.js'
import { written } from '../options.js'
import { answered } from '../webcrypto.js'
import { proof } from './dpop.js'
import type { FetchStep, LoginGlue, Step } from './glue.js'

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

/** Carries the messages of one flow, and gives its result. */
export async function drive<T>(
  { core, fetch, clock }: Driver,
  proofKeys: CryptoKeyPair | undefined,
  start: (glue: LoginGlue, flow: number) => string,
): Promise<T> {
  flows += 1
  const flow = flows
  let step = core.ask<Step<T>>((glue) => start(glue, flow))
  while (step.kind !== 'done') {
    const { body = NOTHING, ...answer } =
      step.kind === 'fetch' ? await carried(fetch, step, proofKeys) : { signature: await answered(step) }
    step = core.ask<Step<T>>((glue) => glue.resume(flow, written(answer), body, clock()))
  }
  return step.result
}

const NOTHING = new Uint8Array()

/** The answer, or the code of what went wrong on the way: both are the flow's to judge. */
async function carried(
  fetch: Fetch,
  step: FetchStep,
  proofKeys: CryptoKeyPair | undefined,
): Promise<{ body?: Uint8Array }> {
  try {
    const headers = [...step.headers]
    if (step.proof !== undefined && proofKeys !== undefined) headers.push(['dpop', await proof(proofKeys, step.proof)])
    const init: RequestInit = {
      method: step.method,
      headers,
      mode: 'cors',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    }
    if (step.body !== undefined) init.body = step.body
    return await exchange(fetch, step.url, init, step.maxResponseBytes)
  } catch (error) {
    const isTransport = error instanceof PortvaktError && error.fault === 'transport'
    const failed: { body?: Uint8Array; error: string } = { error: isTransport ? error.code : 'transport_unreachable' }
    return failed
  }
}
