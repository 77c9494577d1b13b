import type { Core } from '../core.js'
import { PortvaktError } from '../errors.js'
import { type Fetch, exchange } from '../transport.js'
import type { FetchStep, LoginGlue, Step } from './glue.js'

/** Flows are named by numbers that are never used twice, so that none is taken for another after a trap. */
let flows = 0

/** Carries the messages of one flow, and gives its result and its number. */
export async function drive<T>(
  core: Core<LoginGlue>,
  fetch: Fetch,
  clock: () => number,
  start: (glue: LoginGlue, flow: number) => Step<T>,
): Promise<{ result: T; flow: number }> {
  flows += 1
  const flow = flows
  let step = core.call((glue) => start(glue, flow))
  while (step.kind === 'fetch') {
    const response = await carried(fetch, step)
    step = core.call((glue) => glue.resume(flow, response, clock()))
  }
  return { result: step.result, flow }
}

/** The answer, or the code of what went wrong on the way: both are the flow's to judge. */
async function carried(fetch: Fetch, step: FetchStep): Promise<object> {
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
    return { error: isTransport ? error.code : 'transport_unreachable' }
  }
}
