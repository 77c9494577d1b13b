import { compileText } from '../load/bytes.js'
import text, { mask, length } from '../wasm/verify_bytes.js'
import { verify } from '../load/verify.js'
import type { Verify } from '../load/verify.js'

export * from './verify-types.js'

const bound: Verify = /* @__PURE__ */ verify(() => compileText(text, length, mask))

/** Makes a verifier for the tokens of one issuer. Throws `misuse_*` if it would protect nothing. */
export const createVerifier: Verify['createVerifier'] = (options) => bound.createVerifier(options)

/** Checks an id_token, with the same answer as a login has. */
export const verifyIdToken: Verify['verifyIdToken'] = (token, options) => bound.verifyIdToken(token, options)

/** Compiles the module now rather than at the first call. Throws `environment_*` if that is not possible. */
export const preload = (): void => bound.preload()
