/**
 * What a session is called: the base64url form of SHA-256 over the issuer, a line feed and the `sid`, 43 characters.
 *
 * Whoever knows the `sid` can end the session, and this name does not tell it: it can stand in a URL. The issuer is
 * written exactly as in the id_token.
 */
export async function logoutSession(issuer: string, sid: string): Promise<string> {
  return digest(`${issuer}\n${sid}`)
}

/** @internal Whether a text has the form of a session's name. */
export function isLogoutSession(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** @internal The base64url form of SHA-256 over a text. */
export async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)))
  return base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}
