/** As a `client_id`: printable ASCII (OIDC Back-Channel Logout §2.4); the module has the same limit. */
const SID = /^[\x20-\x7e]{1,255}$/

/** What a frame of the provider's asks for: the end of a session, or nothing that could be done, or nonsense. */
export type FrontChannelRequest = { kind: 'logout'; sid: string } | { kind: 'unnamed' } | { kind: 'malformed' }

/**
 * Reads the parameters with which a frame of the provider's calls. OIDC Front-Channel Logout §2.
 *
 * Both parameters come, each once, or neither; the issuer is the right one, but for one slash at its end: Digdir's
 * documents print one that the issuer itself does not have.
 */
export function frontChannelRequest(iss: string[], sid: string[], issuer: string): FrontChannelRequest {
  if (iss.length === 0 && sid.length === 0) return { kind: 'unnamed' }
  const [from, named] = [iss[0], sid[0]]
  const isOfIssuer = from !== undefined && withoutSlash(from) === withoutSlash(issuer)
  if (iss.length !== 1 || sid.length !== 1 || !isOfIssuer || named === undefined || !SID.test(named)) {
    return { kind: 'malformed' }
  }
  return { kind: 'logout', sid: named }
}

function withoutSlash(issuer: string): string {
  return issuer.endsWith('/') ? issuer.slice(0, -1) : issuer
}
