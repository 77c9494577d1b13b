import { driverError } from '../errors.js'
import { type Login, login } from '../load/login.js'
import { type Verify, verify } from '../load/verify.js'

export * from './portvakt-types.js'
export * from './verify-types.js'

let loginModule: WebAssembly.Module | undefined
let verifyModule: WebAssembly.Module | undefined

/**
 * Brings the compiled modules, `portvakt/login.wasm` and `portvakt/verify.wasm`, before anything else is called.
 *
 * Only the one that is used is needed.
 */
export function provideModules(modules: { login?: WebAssembly.Module; verify?: WebAssembly.Module }): void {
  loginModule = modules.login ?? loginModule
  verifyModule = modules.verify ?? verifyModule
}

const boundLogin: Login = /* @__PURE__ */ login(() => provided(loginModule))
const boundVerify: Verify = /* @__PURE__ */ verify(() => provided(verifyModule))

/** As that of `portvakt`, with the module that was brought. */
export const createAuth: Login['createAuth'] = (options) => boundLogin.createAuth(options)

/** As that of `portvakt/verify`, with the module that was brought. */
export const createVerifier: Verify['createVerifier'] = (options) => boundVerify.createVerifier(options)

/** As that of `portvakt/verify`, with the module that was brought. */
export const verifyIdToken: Verify['verifyIdToken'] = (token, options) => boundVerify.verifyIdToken(token, options)

function provided(module: WebAssembly.Module | undefined): WebAssembly.Module {
  if (module === undefined) throw driverError('misuse_module_missing')
  return module
}
