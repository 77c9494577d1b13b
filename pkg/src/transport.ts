import { driverError } from './errors.js'

/** The part of `fetch` that is used. Every runtime's own one fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How long one request may take, answer included, in milliseconds. The services answer within a second. */
const TIMEOUT_MILLISECONDS = 10_000

/** What came back: the status, and the body up to the limit. */
export interface Answer {
  status: number
  headers: [name: string, value: string][]
  body: Uint8Array
}

/**
 * Sends one request: without following redirects, and reading no more than `maxBytes` of the answer.
 *
 * Throws `transport_*`.
 */
export async function exchange(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    })
    const isRedirect =
      response.type === 'opaqueredirect' ||
      (response.status >= 300 && response.status < 400) ||
      // A fetch of the application's own that has followed one.
      response.redirected
    if (isRedirect) throw driverError('transport_redirected')
    return {
      status: response.status,
      headers: [...response.headers],
      body: await readBody(response, maxBytes),
    }
  } catch (error) {
    throw sorted(error)
  }
}

/**
 * Reads the body of a response, or of a request, piece by piece, so that one that is too large is given up before it
 * fills the memory.
 *
 * Throws `transport_too_large`.
 */
export async function readBody(message: Pick<Body, 'body'>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = message.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      // The answer to this does not matter: nobody reads on.
      reader.cancel().catch(() => {})
      throw driverError('transport_too_large')
    }
    chunks.push(value)
  }
  const body = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.length
  }
  return body
}

function sorted(error: unknown): Error {
  const name = error instanceof Error || error instanceof DOMException ? error.name : undefined
  if (name === 'PortvaktError') return error as Error
  // Nothing but the time limit aborts a request here. Some runtimes report it by the older name.
  const isTimeout = name === 'TimeoutError' || name === 'AbortError'
  return driverError(isTimeout ? 'transport_timed_out' : 'transport_unreachable', error)
}
