import { compileText } from '../load/bytes.js'
import text, { mask, length } from '../wasm/login_bytes.js'
import { login } from '../load/login.js'
import type { Login } from '../load/login.js'

export * from './portvakt-types.js'

const bound: Login = /* @__PURE__ */ login(() => compileText(text, length, mask))

/**
 * Signs people in with ID-porten or Ansattporten. Completes the login if the page was opened by the service.
 *
 * Called again with the same client it gives the same object, so that it can be called from anywhere.
 */
export const createAuth: Login['createAuth'] = (options) => bound.createAuth(options)

/** Compiles the module now rather than at the first call. Throws `environment_*` if that is not possible. */
export const preload = (): void => bound.preload()
