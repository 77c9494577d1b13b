// What an issuer may post as a logout, and what must come of it.

import { jwks, tampered, token } from '../keys.mjs'

const NOW = Math.floor(Date.now() / 1000)
const ISSUER = 'https://test.ansattporten.no'
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

const claims = (more = {}) => ({
  iss: ISSUER,
  aud: 'client-1',
  iat: NOW,
  exp: NOW + 300,
  jti: crypto.randomUUID(),
  events: { [EVENT]: {} },
  sid: 'K6eWvHKHlU',
  // A person's number, and not the subject of the id_token.
  sub: '15868510045',
  ...more,
})
const signed = (more, header) => token(claims(more), { typ: 'logout+jwt', ...header })

const refused = [
  ['another issuer', signed({ iss: 'https://ansattporten.no' }), 'token_iss_mismatch'],
  ['the issuer with a slash', signed({ iss: `${ISSUER}/` }), 'token_iss_mismatch'],
  ['another client', signed({ aud: 'client-3' }), 'token_aud_mismatch'],
  ['others beside the client', signed({ aud: ['client-1', 'client-3'] }), 'token_aud_untrusted'],
  ['an expired token', signed({ exp: NOW - 60 }), 'token_expired'],
  ['a token from the future', signed({ iat: NOW + 61 }), 'token_iat_future'],
  ['an old token', signed({ iat: NOW - 661 }), 'token_iat_too_old'],
  ['no event', signed({ events: undefined }), 'token_events_missing'],
  ['another event', signed({ events: { [`${EVENT}1`]: {} } }), 'token_events_mismatch'],
  ['an event that is no object', signed({ events: { [EVENT]: true } }), 'token_events_malformed'],
  ['a nonce', signed({ nonce: 'n' }), 'token_nonce_prohibited'],
  ['a person without a session', signed({ sid: undefined }), 'token_sid_missing'],
  ['nobody', signed({ sid: undefined, sub: undefined }), 'token_logout_of_nobody'],
  ['no jti', signed({ jti: undefined }), 'token_logout_jti_missing'],
  ['an id_token', token(claims()), 'token_typ_missing'],
  ['another type', signed({}, { typ: 'JWT' }), 'token_typ_mismatch'],
  ['another algorithm than configured', signed({}, { alg: 'ES256' }), 'token_alg_not_allowed'],
  ['an unknown key', signed({}, { kid: 'other' }), 'token_key_unknown'],
  ['a changed signature', tampered(signed()), 'token_signature_invalid'],
  ['no token at all', '', 'token_malformed'],
]

/** All that the suite needs, as JSON. */
export const data = {
  now: NOW,
  issuer: ISSUER,
  jwks,
  /** Each may be used once. */
  good: { sid: 'K6eWvHKHlU', tokens: Array.from({ length: 8 }, () => signed()) },
  byEs256: signed({}, { alg: 'ES256' }),
  ofOtherClient: signed({ aud: 'client-2' }),
  refused,
}
