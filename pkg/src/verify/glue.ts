import type { Argument } from '../core.js'

/** The exports of `portvakt_verify_bg.wasm`. Options and results are JSON. */
export interface VerifyGlue {
  prepare(verifier: number, options: string, jwks: string): undefined
  verify(verifier: number, token: string, requirements: string | undefined, now: number): string
  question(verifier: number, reading: number, token: string, requirements: string | undefined, now: number): string
  signing_key(verifier: number, key: number): string
  read_ahead(reading: number): undefined
  judge(verifier: number, reading: number, signature: string, requirements: string | undefined, now: number): string
  digest(...pieces: Argument[]): string
  verify_id_token(token: string, jwks: string, options: string, now: number): string
  verify_logout_token(token: string, jwks: string, options: string, now: number): string
  check_policy(options: string): undefined
  check_jwks(service: string | undefined, jwks: string): string
  jwks_uri(metadata: string, issuer: string): string
}
