import type { Glue } from '../core.js'
import type { VerifyGlue } from '../verify/glue.js'

type Exports = Glue<keyof VerifyGlue>

export const initSync: Exports['initSync']
export const __wbg_reset_state: Exports['__wbg_reset_state']
export const check_jwks: Exports['check_jwks']
export const check_policy: Exports['check_policy']
export const digest: Exports['digest']
export const judge: Exports['judge']
export const jwks_uri: Exports['jwks_uri']
export const prepare: Exports['prepare']
export const question: Exports['question']
export const read_ahead: Exports['read_ahead']
export const signing_key: Exports['signing_key']
export const verify: Exports['verify']
export const verify_id_token: Exports['verify_id_token']
export const verify_logout_token: Exports['verify_logout_token']
