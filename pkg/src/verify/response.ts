import { PortvaktError } from '../errors.js'

/**
 * The answer to a request whose token was not accepted, as RFC 6750 §3 has it.
 *
 * | what went wrong | status | `error` |
 * |---|---|---|
 * | no token | 401 | none |
 * | more than one token, or something else | 400 | `invalid_request` |
 * | the token is not acceptable | 401 | `invalid_token` |
 * | the person was authenticated at too low a level | 401 | `insufficient_user_authentication` (RFC 9470) |
 * | the token does not reach far enough | 403 | `insufficient_scope` |
 * | the issuer cannot be reached | 503 | none |
 * | everything else | 500 | none |
 */
export function toResponse(error: unknown): Response {
  const [status, challenge] = kindOf(error)
  const headers = new Headers({ 'cache-control': 'no-store' })
  if (challenge !== undefined) headers.set('www-authenticate', challenge)
  return new Response(null, { status, headers })
}

/** What a token lacks, where a better one of the same kind would do. */
const INSUFFICIENT = new Set([
  'token_scope_insufficient',
  'token_consumer_not_allowed',
  'token_delegation_refused',
  'token_supplier_not_allowed',
  'token_system_user_missing',
  'token_system_user_not_allowed',
  'token_representation_missing',
  'token_representation_insufficient',
  'token_dialog_action_missing',
  'token_dialog_entity_missing',
])

function kindOf(error: unknown): [status: number, challenge?: string] {
  if (!(error instanceof PortvaktError)) return [500]
  if (error.code === 'request_token_missing') return [401, 'Bearer']
  switch (error.fault) {
    case 'request':
      return [400, challenge('invalid_request', error)]
    case 'token':
    case 'representation':
      if (INSUFFICIENT.has(error.code)) return [403, challenge('insufficient_scope', error)]
      if (error.code === 'token_acr_not_acceptable' || error.code === 'token_dialog_level_too_low') {
        return [401, challenge('insufficient_user_authentication', error)]
      }
      // The issuer's key set, and not the token: the caller can do nothing about it.
      if (error.code.startsWith('token_keys_')) return [503]
      return [401, challenge('invalid_token', error)]
    case 'transport':
    case 'misbehaved':
      return [503]
    default:
      return [500]
  }
}

/** Messages are constants of printable ASCII without quotation marks; what is not is left out. */
function challenge(code: string, error: PortvaktError): string {
  const description = error.message.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '')
  return `Bearer error="${code}", error_description="${description}"`
}
