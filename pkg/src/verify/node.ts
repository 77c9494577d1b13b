import type { Algorithm } from '../claims.js'
import type { SignatureAnswer, SigningKey } from '../webcrypto.js'

/** What is used of `node:crypto`. */
interface NodeCrypto {
  createPublicKey(key: { key: JsonWebKey; format: 'jwk' }): object
  verify(hash: string | null, data: Uint8Array, key: object, signature: Uint8Array): boolean
}

/**
 * How many tokens the module answers for before `node:crypto` is asked for: loading it takes 4 to 9 milliseconds, which
 * that many faster answers win back. A process that lives for one request never pays for it.
 */
const COMPUTED_AT_FIRST = 100

let computed = 0

/** What `node:crypto` turned out to be: null where the runtime has none. */
let loaded: NodeCrypto | null | undefined

type GetBuiltinModule = (name: string) => NodeCrypto | undefined

/** Asked for by name rather than imported, so that bundlers for browsers and workers find nothing to complain of. */
const getBuiltinModule = (globalThis as { process?: { getBuiltinModule?: GetBuiltinModule } }).process?.getBuiltinModule

/**
 * `node:crypto`, where the runtime has it: it answers at once, and a WebCrypto in the same process takes two to three
 * times as long, because each of its answers goes through a queue and another thread.
 */
function nodeCrypto(): NodeCrypto | undefined {
  if (loaded === undefined) loaded = getBuiltinModule?.('node:crypto') ?? null
  return loaded ?? undefined
}

/** workerd, whose WebCrypto computes while it is called: nothing can be done meanwhile. */
export const IS_WORKERD = globalThis.navigator?.userAgent === 'Cloudflare-Workers'

/**
 * What the module answers for sooner than anybody whom the runtime could be made to ask; where it is not said, nothing.
 *
 * Deno computes in software: for RSA the module takes half the time, and for P-256 a quarter. Where there is only a
 * WebCrypto, its answers come by way of a queue, and that takes longer than P-256 and Ed25519 do here; but not in workerd,
 * which has no such queue.
 */
const SOONER: readonly unknown[] =
  'Deno' in globalThis ? ['RS256', 'PS256', 'ES256'] : getBuiltinModule === undefined && !IS_WORKERD ? ['ES256', 'EdDSA'] : []

/** Whether the module is to answer where these algorithms are allowed; `undefined` stands for RS256. */
export function isComputedHere(algorithms: unknown): boolean {
  const isFirst = getBuiltinModule !== undefined && loaded === undefined && computed < COMPUTED_AT_FIRST
  if (isFirst) computed += 1
  const names: unknown = algorithms ?? ['RS256']
  return isFirst || (Array.isArray(names) && names.some((name) => SOONER.includes(name)))
}

/** RFC 7518 §3.5 (the salt is as long as the hash), §3.4 (R and S side by side). */
const PARAMETERS: Record<Algorithm, { hash: string | null; [parameter: string]: string | number | null }> = {
  RS256: { hash: 'sha256' },
  PS256: { hash: 'sha256', padding: 6, saltLength: 32 },
  ES256: { hash: 'sha256', dsaEncoding: 'ieee-p1363' },
  EdDSA: { hash: null },
}

const keys = new WeakMap<SigningKey, object>()

/** Whether the machine can do two things at a time; where nobody tells, as in Node 20, it can. */
const HAS_OTHER_THREADS = globalThis.navigator?.hardwareConcurrency !== 1

/** Of how many tokens that come together some are left to other threads: the module keeps 128 that wait. */
const SHARED_AT_MOST = 96

let together = 0

/**
 * Whether a token is left to WebCrypto although `node:crypto` would answer: three of four that come in one run of the
 * caller's code, as with `Promise.all`.
 *
 * They are computed by other threads then, while this one goes on. That takes more of the processor in all, and less time
 * until all of the answers are there. A token that comes alone is answered here.
 */
function isLeftToOthers(): boolean {
  if (together === 0) queueMicrotask(startAnew)
  together += 1
  return HAS_OTHER_THREADS && together <= SHARED_AT_MOST && together % 4 !== 1
}

function startAnew(): void {
  together = 0
}

/** The answer at once; `undefined` where somebody else must be asked. */
export function answeredAtOnce(key: SigningKey, signingInput: Uint8Array, signature: Uint8Array): SignatureAnswer | undefined {
  const node = nodeCrypto()
  if (node === undefined || isLeftToOthers()) return undefined
  const { hash, ...parameters } = PARAMETERS[key.algorithm]
  let known = keys.get(key)
  if (known === undefined) {
    try {
      known = { key: node.createPublicKey({ key: JSON.parse(key.key) as JsonWebKey, format: 'jwk' }), ...parameters }
    } catch {
      return undefined
    }
    keys.set(key, known)
  }
  try {
    return node.verify(hash, signingInput, known, signature) ? 'yes' : 'no'
  } catch {
    return 'no'
  }
}
