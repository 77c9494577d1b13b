import type { Glue } from '../core.js'

/** The exports of `portvakt_verify_bg.wasm`. Options and results are JSON. */
export interface VerifyGlue extends Glue {
  prepare(verifier: number, options: string, jwks: string): void
  verify(verifier: number, token: string, requirements: string | undefined, now: number): string
  question(verifier: number, token: string, requirements: string | undefined, now: number): string
  judge(verifier: number, token: string, signature: string, requirements: string | undefined, now: number): string
  verify_id_token(token: string, jwks: string, options: string, now: number): string
  verify_logout_token(token: string, jwks: string, options: string, now: number): string
  check_policy(options: string): void
  check_jwks(service: string | undefined, jwks: string): number
  jwks_uri(metadata: string, issuer: string): string
}
