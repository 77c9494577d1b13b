import { compileText } from '../load/bytes.js'
import { verifyCore } from '../load/verify.js'
import text, { mask, length } from '../wasm/verify_bytes.js'

/** The verifying module, inside of the script. */
export const core = /* @__PURE__ */ verifyCore(() => compileText(text, length, mask))
