import type { Glue } from '../core.js'

/** The exports of `portvakt_verify_bg.wasm`. */
export interface VerifyGlue extends Glue {
  verify_access_token(token: string, jwks: string, options: string, now: number): string
  verify_dialog_token(token: string, jwks: string, options: string, now: number): string
  verify_id_token(token: string, jwks: string, options: string, now: number): string
  verify_logout_token(token: string, jwks: string, options: string, now: number): string
  check_access_token_policy(options: string): void
  check_jwks(service: string | undefined, jwks: string): number
  jwks_uri(metadata: string, issuer: string): string
}
