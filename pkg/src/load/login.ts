import type { LoginGlue } from '../auth/glue.js'
import { authOf } from '../auth/auth.js'
import type { CreateAuth } from '../auth/types.js'
import { type Compile, Core, type Glue } from '../core.js'
import {
  __wbg_reset_state,
  abandon,
  begin_login,
  begin_logout,
  callback_key,
  complete_login,
  fail,
  initSync,
  is_callback,
  logout_key,
  logout_return,
  read_session,
  refresh,
  resource_proof,
  resume,
  standing,
  step_up,
} from '../wasm/portvakt_login.js'

/** The login module's face, loaded in one way. */
export interface Login {
  createAuth: CreateAuth
  preload(): void
}

/** Named one by one, so that bundlers leave out what else the generated script has. */
const glue: Glue<keyof LoginGlue> = {
  __wbg_reset_state,
  abandon,
  begin_login,
  begin_logout,
  callback_key,
  complete_login,
  fail,
  initSync,
  is_callback,
  logout_key,
  logout_return,
  read_session,
  refresh,
  resource_proof,
  resume,
  standing,
  step_up,
}

/** Binds the login module to one way of loading it. */
export function login(compile: Compile): Login {
  const core = new Core<LoginGlue>(glue, compile)
  return { createAuth: authOf(core), preload: () => core.prepare() }
}
