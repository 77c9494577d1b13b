import type { VerifyGlue } from '../verify/glue.js'

export const initSync: VerifyGlue['initSync']
export const __wbg_reset_state: VerifyGlue['__wbg_reset_state']
export const check_policy: VerifyGlue['check_policy']
export const judge: VerifyGlue['judge']
export const prepare: VerifyGlue['prepare']
export const question: VerifyGlue['question']
export const check_jwks: VerifyGlue['check_jwks']
export const jwks_uri: VerifyGlue['jwks_uri']
export const verify: VerifyGlue['verify']
export const verify_id_token: VerifyGlue['verify_id_token']
export const verify_logout_token: VerifyGlue['verify_logout_token']
