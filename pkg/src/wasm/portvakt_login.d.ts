import type { Glue } from '../core.js'
import type { LoginGlue } from '../auth/glue.js'

type Exports = Glue<keyof LoginGlue>

export const initSync: Exports['initSync']
export const __wbg_reset_state: Exports['__wbg_reset_state']
export const abandon: Exports['abandon']
export const begin_login: Exports['begin_login']
export const begin_logout: Exports['begin_logout']
export const callback_key: Exports['callback_key']
export const complete_login: Exports['complete_login']
export const fail: Exports['fail']
export const is_callback: Exports['is_callback']
export const logout_key: Exports['logout_key']
export const logout_return: Exports['logout_return']
export const read_session: Exports['read_session']
export const refresh: Exports['refresh']
export const resource_proof: Exports['resource_proof']
export const resume: Exports['resume']
export const standing: Exports['standing']
export const step_up: Exports['step_up']
