import type { Glue } from '../core.js'

/** The exports of `portvakt_verify_bg.wasm`. */
export interface VerifyGlue extends Glue {
  verify_access_token(token: string, jwks: string, options: object, now: number): object
  verify_dialog_token(token: string, jwks: string, options: object, now: number): object
  verify_id_token(token: string, jwks: string, options: object, now: number): object
  verify_logout_token(token: string, jwks: string, options: object, now: number): object
  check_access_token_policy(options: object): void
  check_jwks(service: string | undefined, jwks: string): number
  jwks_uri(metadata: string, issuer: string): string
}
