import { type Compile, Core, type Glue } from '../core.js'
import type { VerifyGlue } from '../verify/glue.js'
import { idTokenVerifierOf } from '../verify/id-token.js'
import type { CreateVerifier } from '../verify/types.js'
import type { VerifyIdToken } from '../verify/id-token.js'
import { verifierOf } from '../verify/verifier.js'
import {
  __wbg_reset_state,
  check_jwks,
  check_policy,
  digest,
  initSync,
  judge,
  jwks_uri,
  prepare,
  question,
  read_ahead,
  signing_key,
  verify as verify_token,
  verify_id_token,
  verify_logout_token,
} from '../wasm/portvakt_verify.js'

/** The verifying module's face, loaded in one way. */
export interface Verify {
  createVerifier: CreateVerifier
  verifyIdToken: VerifyIdToken
  preload(): void
}

/** Named one by one, so that bundlers leave out what else the generated script has. */
const glue: Glue<keyof VerifyGlue> = {
  __wbg_reset_state,
  check_jwks,
  check_policy,
  digest,
  initSync,
  judge,
  jwks_uri,
  prepare,
  question,
  read_ahead,
  signing_key,
  verify: verify_token,
  verify_id_token,
  verify_logout_token,
}

let shared: Core<VerifyGlue> | undefined

/** The one instance of the verifying module, which all entries that are used share: a trap is then known to all. */
export function verifyCore(compile: Compile): Core<VerifyGlue> {
  shared ??= new Core<VerifyGlue>(glue, compile)
  return shared
}

/** Binds the verifying module to one way of loading it. */
export function verify(compile: Compile): Verify {
  const core = verifyCore(compile)
  return {
    createVerifier: verifierOf(core),
    verifyIdToken: idTokenVerifierOf(core),
    preload: () => core.prepare(),
  }
}
