import type { Core } from '../core.js'
import { PortvaktError } from '../errors.js'
import { type Fetch, exchange } from '../transport.js'
import { written } from '../options.js'
import { answered } from '../webcrypto.js'
import type { FetchStep, LoginGlue, Step } from './glue.js'

/** Flows are named by numbers that are never used twice, so that none is taken for another after a trap. */
let flows = 0

/** Carries the messages of one flow, and gives its result and its number. */
export async function drive<T>(
  core: Core<LoginGlue>,
  fetch: Fetch,
  clock: () => number,
  start: (glue: LoginGlue, flow: number) => string,
): Promise<{ result: T; flow: number }> {
  flows += 1
  const flow = flows
  let step = core.ask<Step<T>>((glue) => start(glue, flow))
  while (step.kind !== 'done') {
    const { body = NOTHING, ...answer } = step.kind === 'fetch' ? await carried(fetch, step) : { signature: await answered(step) }
    step = core.ask<Step<T>>((glue) => glue.resume(flow, written(answer), body, clock()))
  }
  return { result: step.result, flow }
}

const NOTHING = new Uint8Array()

/** The answer, or the code of what went wrong on the way: both are the flow's to judge. */
async function carried(fetch: Fetch, step: FetchStep): Promise<{ body?: Uint8Array }> {
  try {
    const init: RequestInit = {
      method: step.method,
      headers: step.headers,
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
