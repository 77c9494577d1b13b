import { driverError } from '../errors.js'
import type { RequestLike } from './types.js'

/** `b64token` of RFC 6750 §2.1, which every JWT is, after the scheme, which is read in any case. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/**
 * The token of a request, from its `Authorization` header and from nowhere else: in a URL it would end up in logs.
 *
 * Throws `request_token_missing`, `request_authorization_malformed`.
 */
export function bearerToken(request: RequestLike): string {
  const header = request.headers.get('authorization')
  if (header === null || header === '') throw driverError('request_token_missing')
  const token = BEARER.exec(header.trim())?.[1]
  if (token === undefined) throw driverError('request_authorization_malformed')
  return token
}
