/** As a `client_id`: printable ASCII (OIDC Back-Channel Logout §2.4); the module has the same limit. */
const SID = /^[\x20-\x7e]{1,255}$/

/**
 * The `sid` of the session that a frame of the provider's wants to end. OIDC Front-Channel Logout §2.
 *
 * Both parameters come, each once, or neither; the issuer is the right one, but for one slash at its end: Digdir's
 * documents print one that the issuer itself does not have.
 */
export function frontChannelSession(iss: string[], sid: string[], issuer: string): string | 'unnamed' | 'malformed' {
  if (iss.length === 0 && sid.length === 0) return 'unnamed'
  const [from, named] = [iss[0], sid[0]]
  if (iss.length !== 1 || sid.length !== 1 || from === undefined || named === undefined) return 'malformed'
  return withoutSlash(from) === withoutSlash(issuer) && SID.test(named) ? named : 'malformed'
}

function withoutSlash(issuer: string): string {
  return issuer.endsWith('/') ? issuer.slice(0, -1) : issuer
}
