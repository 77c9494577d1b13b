import { verifyCore } from '../load/verify.js'
import module from '../wasm/portvakt_verify_bg.wasm'

/** The verifying module, compiled by the platform. */
export const core = /* @__PURE__ */ verifyCore(() => module)
