import type { LoginGlue } from '../auth/glue.js'

export const initSync: LoginGlue['initSync']
export const __wbg_reset_state: LoginGlue['__wbg_reset_state']
export const abandon: LoginGlue['abandon']
export const begin_login: LoginGlue['begin_login']
export const begin_logout: LoginGlue['begin_logout']
export const callback_key: LoginGlue['callback_key']
export const complete_login: LoginGlue['complete_login']
export const is_callback: LoginGlue['is_callback']
export const logout_key: LoginGlue['logout_key']
export const logout_return: LoginGlue['logout_return']
export const resume: LoginGlue['resume']
