import type { CoreErrorCode } from './codes.js'

/** Every code that a {@link PortvaktError} can have. Codes never change their meaning. */
export type ErrorCode = CoreErrorCode | keyof typeof driverErrors

/**
 * Whose fault it is, which is also how a code begins.
 *
 * - `misuse`: the application's; mend the application.
 * - `callback`: what came back is not the answer to a login of this tab.
 * - `provider`: the provider said no, and `description` may say why.
 * - `misbehaved`: the provider, or somebody in its place, broke the protocol.
 * - `token`, `claims`, `representation`: what was signed is not acceptable.
 * - `session`: the session is over, or is another one now; sign in again.
 * - `device`: the person's; nothing helps but to set its clock.
 * - `request`: the request to an API carries no token, or carries it wrongly.
 * - `transport`: no usable answer came; trying again may help.
 * - `environment`: the browser or runtime does not let the library work.
 * - `internal`: the library's.
 */
export type Fault =
  | 'misuse'
  | 'callback'
  | 'provider'
  | 'misbehaved'
  | 'token'
  | 'claims'
  | 'representation'
  | 'session'
  | 'device'
  | 'request'
  | 'transport'
  | 'environment'
  | 'internal'

/**
 * The one error of this package.
 *
 * Neither its message nor any of its members holds a token, a code, a person number or a claim.
 */
export class PortvaktError extends Error {
  override readonly name = 'PortvaktError'
  /** The stable, machine-readable name, such as `token_expired`. */
  readonly code: ErrorCode
  /** The specification and section whose rule was broken, such as `OIDC Core §3.1.3.7 (9)`. */
  readonly rule: string
  /** What the provider said besides, made harmless but not made true. Show it to developers only. */
  readonly description: string | undefined
  /** Whether the same may well succeed at another time. */
  readonly isTransient: boolean

  /** @internal */
  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause })
    this.code = failure.code
    this.rule = failure.rule
    this.description = failure.description
    this.isTransient = failure.isTransient ?? this.fault === 'transport'
  }

  /** Whose fault it is. */
  get fault(): Fault {
    return this.code.slice(0, this.code.indexOf('_')) as Fault
  }
}

/** @internal What is known of an error before it is thrown. */
export interface Failure {
  code: ErrorCode
  message: string
  rule: string
  description?: string | undefined
  isTransient?: boolean
}

/** @internal An error of the driver itself. */
export function driverError(code: keyof typeof driverErrors, cause?: unknown): PortvaktError {
  const [message, rule] = driverErrors[code]
  return new PortvaktError({ code, message, rule }, cause)
}

const driverErrors = {
  environment_wasm_blocked: [
    "The page's Content-Security-Policy blocks WebAssembly: add 'wasm-unsafe-eval' to script-src.",
    'CSP Level 3 §4.4',
  ],
  environment_wasm_missing: ['This runtime has no WebAssembly.', 'WebAssembly JavaScript Interface §5'],
  environment_wasm_trapped: [
    'The computation stopped half way. Nothing was accepted, and the next call starts afresh.',
    'WebAssembly Core §4.2.1',
  ],
  environment_script_charset: [
    'The script was not read as UTF-8: the page must say <meta charset="utf-8">.',
    'HTML Standard §4.2.5.4',
  ],
  environment_storage_unavailable: ['The browser does not let the page use sessionStorage.', 'HTML Standard §12.2'],
  environment_webcrypto_unavailable: [
    'This page or runtime has no WebCrypto for the signature: pages need https or localhost.',
    'Web Cryptography Level 2 §10',
  ],
  environment_no_window: ['Signing in needs a browser window.', 'HTML Standard §7.2'],
  misuse_audience_unsaid: [
    'The option audience must be said: a text, or null where the tokens have none.',
    'RFC 9068 §4',
  ],
  misuse_nonce_unsaid: [
    'The option nonce must be said: the one that was sent, or null where it is not known.',
    'OIDC Core §3.1.3.7 (11)',
  ],
  misuse_options: ['An option is missing, or has the wrong type or an unknown value.', 'Portvakt, options'],
  misuse_option_unknown: ['An option has a name that does not exist.', 'Portvakt, options'],
  misuse_no_keys: ['There are no keys: give a key set, or call hydrate() first.', 'Portvakt, verifySync'],
  misuse_module_missing: ['The compiled module was not provided.', 'Portvakt, slim'],
  misuse_fetch_origin: ['The access token is not sent to an origin that is not listed.', 'RFC 9700 §4.9'],
  misuse_logout_issuer: [
    'The option issuer must be a preset, or an issuer with TLS, or one on this machine.',
    'OIDC Discovery §3',
  ],
  misuse_frame_ancestors: [
    "The option frameAncestors must name the origins of the provider's login pages, which only presets of prod and test tell.",
    'OIDC Front-Channel Logout §2',
  ],
  misuse_logout_store: ['The option store must have the members revoke, isRevoked and useOnce.', 'Portvakt, edge'],
  misuse_logout_limits: ['A number among the options is not whole, or out of its range.', 'Portvakt, edge'],
  misuse_back_channel: [
    'The option backChannel must name clients, and has otherwise what a verifier could have.',
    'OIDC Back-Channel Logout §2.6 (3)',
  ],
  misuse_signed_out: ['Nobody is signed in.', 'RFC 6750 §2'],
  request_token_missing: ['The request has no bearer token.', 'RFC 6750 §2.1'],
  request_logout_malformed: [
    'The request is not a form with one logout_token.',
    'OIDC Back-Channel Logout §2.5',
  ],
  token_revoked: ['The token was revoked before it expired.', 'RFC 7009 §2.1'],
  token_replayed: ['The logout token was used before.', 'OIDC Back-Channel Logout §2.6 (7)'],
  request_authorization_malformed: [
    'The Authorization header is not one bearer token.',
    'RFC 6750 §2.1',
  ],
  transport_unreachable: ['The server could not be reached, or its answer was not let through.', 'Fetch Standard §4.1'],
  transport_timed_out: ['The server did not answer in time.', 'RFC 9110 §15.6.5'],
  transport_too_large: ['The answer is larger than what such an answer can be.', 'RFC 9110 §6.4'],
  transport_redirected: [
    'The server answered with a redirect, and redirects are never followed.',
    'RFC 9700 §4.12',
  ],
  misbehaved_jwks_status: ['The keys were answered with another status than 200.', 'OIDC Discovery §3'],
} as const satisfies Record<string, readonly [message: string, rule: string]>
