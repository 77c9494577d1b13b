// Where this package and `jose` differ, and why. What is on neither list fails the test.
//
// `codes` are what the one says who refuses; `by` is what was done to the token or to its set of keys, by the beginning
// of its label, of which there must be one; `when` is asked of the token besides.

/** Accepted here, and refused by `jose`. */
export const LAXER = [
  {
    because: '`ext` says whether a key may be exported, to WebCrypto alone. Whatever is written there, a public key verifies. RFC 7517 does not know it; `jose` wants a boolean, and tries the others of that name, if there are any.',
    codes: ['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'DataError'],
    by: ['set: extractable or not', 'set: a member of another kind'],
    when: ({ set }) => JSON.parse(set).keys.some(({ ext }) => ext !== undefined && typeof ext !== 'boolean'),
  },
  {
    because: '`EdDSA` and `Ed25519` name the same algorithm for such a key (RFC 9864 §2.2). `jose` wants the same name in the token and in the key, and tries the others, if there are any, also such as cannot be imported, hold a secret, or are to sign.',
    codes: ['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED', 'DataError', 'ERR_JWKS_INVALID', 'SyntaxError'],
    by: ['header: the algorithm by its new name', 'header: another algorithm', 'set: another algorithm said', 'set: another of its name for another algorithm'],
    when: ({ set, token }) => {
      const { alg } = said(token, 0)
      const names = ['EdDSA', 'Ed25519']
      return names.includes(alg) && JSON.parse(set).keys.some((key) => names.includes(key.alg) && key.alg !== alg)
    },
  },
  {
    because: 'A key for `verify` and `sign`, the pair of RFC 7517 §4.3, verifies. WebCrypto imports no public key that is to sign, and `jose` hands the list on to it, for each such key of the name.',
    codes: ['SyntaxError', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS'],
    by: ['set: for operations'],
    when: ({ set }) => JSON.parse(set).keys.some((key) => key.key_ops?.includes?.('sign') && key.key_ops.includes('verify')),
  },
  {
    because: 'A fraction of a second is dropped from every date, as the clock has dropped its own. `jose` compares `nbf` and `iat` with theirs: a second less at the most.',
    codes: ['ERR_JWT_CLAIM_VALIDATION_FAILED nbf check_failed', 'ERR_JWT_CLAIM_VALIDATION_FAILED iat check_failed'],
    by: ['claims: a date at an edge', 'text of the claims: a byte', 'text of the claims: a piece twice', 'part of the claims: a character changed'],
    when: ({ token, latest }) => {
      const { nbf = 0, iat } = said(token, 1)
      return [nbf, iat].some((date) => date !== Math.floor(date) && Math.floor(date) === latest)
    },
  },
]

/** Changes by which any claim may have become anything. */
const ANY_CLAIM = [
  'claims: left out',
  'claims: of another type',
  'claims: another text',
  'claims: among others',
  'claims: another more',
  'claims: its name otherwise',
  'text of the claims: a blank',
  'text of the claims: a byte',
  'text of the claims: a piece twice',
  'text of the claims: cut off',
  'part of the claims: a character',
]

/** Changes by which a date may have become any other. */
const ANY_DATE = [...ANY_CLAIM, 'claims: a date']

/** Refused here, and accepted by `jose`. */
export const STRICTER = [
  {
    because: 'A member twice: which of the two counts, readers disagree about (RFC 7515 §4, RFC 7519 §4).',
    codes: ['token_claims_malformed', 'token_header_malformed', 'token_keys_malformed'],
    by: ['claims: twice', 'header: twice', 'text of the claims: a piece twice', 'text of the header: a piece twice', 'text of the claims: an odd text in it', 'text of the header: an odd text in it', 'text of the claims: deep', 'text of the header: deep', 'text of the claims: a byte', 'text of the header: a byte', 'claims: its name otherwise', 'claims: another more', 'header: another more', 'set: a text of another form', 'part of the claims: a character changed', 'part of the header: a character changed'],
    when: ({ set, token }) => [set, ...token.split('.').slice(0, 2).map((part) => Buffer.from(part, 'base64url').toString())].some(hasMemberTwice),
  },
  {
    because: 'Not strict JSON, or such as readers take differently: a byte order mark, half of a surrogate pair, a number of 308 digits or more, or more than 32 levels (RFC 8259 §6, §8, §9).',
    codes: ['token_claims_malformed', 'token_header_malformed', 'token_keys_malformed'],
    by: ['claims: twice', 'claims: of another type', 'claims: a date far away', 'claims: another text', 'header: a member of another kind', 'header: another more', 'text of the claims: a blank', 'text of the header: a blank', 'text of the claims: an odd text in it', 'text of the header: an odd text in it', 'text of the claims: in another encoding', 'text of the header: in another encoding', 'text of the claims: deep', 'text of the header: deep', 'text of the claims: a byte', 'text of the header: a byte', 'set: a text of another form'],
    when: ({ set, token }) => [set, ...token.split('.').slice(0, 2).map((part) => Buffer.from(part, 'base64url').toString())].some(isOdd),
  },
  {
    because: 'A parameter that is heard is not a text where it must be one; `jose` looks only at those that it uses.',
    codes: ['token_header_malformed'],
    by: ['header: a member of another kind', 'header: another type', 'header: twice', 'text of the header: a', 'part of the header: a character changed'],
    when: ({ token }) => {
      const { kid, typ } = said(token, 0)
      return [kid, typ].some((each) => each !== undefined && typeof each !== 'string')
    },
  },
  {
    because: 'Not base64url as RFC 7515 §2 has it: padding, blanks, or bits behind the end, so that one token has many texts.',
    codes: ['token_malformed'],
    by: ['part of the claims: ', 'part of the header: ', 'signature: its text otherwise', 'token: a foreign character', 'token: at an end', 'token: a character changed', 'token: a piece'],
    when: ({ token }) => !token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part),
  },
  {
    because: 'Larger than the limits of this package: 128 KiB of token, 16 KiB of header, 256 KiB of keys, 100 keys.',
    codes: ['token_too_large', 'token_header_malformed', 'token_keys_too_large', 'token_keys_too_many', 'transport_too_large'],
    by: ['claims: more than anybody needs', 'header: more than anybody needs', 'set: a hundred and more', 'set: more than is read'],
    when: ({ set, token }) => token.length > 128 * 1024 || token.indexOf('.') > (16 * 1024 * 4) / 3 || set.length > 256 * 1024 || JSON.parse(set).keys.length > 100,
  },
  {
    because: 'No extension is understood, so that none may be critical; `b64` has no place in a token even where it changes nothing (RFC 7797 §7).',
    codes: ['token_crit_unsupported', 'token_b64_unsupported'],
    by: ['header: what is critical', 'header: b64 by itself', 'header: a member of another kind'],
  },
  {
    because: 'Encrypted or compressed by its header: `enc` and `zip` are of RFC 7516, and a token that has them is not taken for a signed one.',
    codes: ['token_encrypted'],
    by: ['header: encrypted or compressed', 'header: a member of another kind'],
  },
  {
    because: 'Another kind of token by its type; `jose` has no option for a type that may be absent (RFC 8725 §3.11).',
    codes: ['token_typ_mismatch'],
    by: ['header: another type', 'header: a member of another kind', 'text of the header: a b', 'part of the header: a character changed', 'header: its name otherwise'],
  },
  {
    because: 'Keys that nobody should trust or that are not written as RFC 7518 §6 has it: a weak exponent, another size, a point of small order, a secret beside it, padding, leading zeros.',
    codes: ['token_key_unsuitable', 'token_key_unknown', 'token_key_alg_mismatch', 'token_signature_invalid'],
    by: ['set: a key that is odd', 'set: an odd key', 'set: odd keys beside it', 'set: a number otherwise written', 'set: with part of a secret', 'set: with its secret', 'set: a member of another kind', 'set: a name that is no text', 'set: for a purpose', 'set: for operations', 'set: another algorithm said'],
  },
  {
    because: 'More than one key could have signed it, by what the set says. `jose` leaves it to its caller to try them in turn.',
    codes: ['token_key_ambiguous'],
    by: ['set: another', 'set: odd keys beside it', 'set: the key twice', 'set: a key of another kind', 'set: a hundred and more', 'header: no key named', 'header: a member of another kind', 'header: its own key'],
  },
  {
    because: 'A claim `__proto__` becomes the prototype of what a program copies it into. The claims are not handed over.',
    codes: ['internal_result'],
    by: ['claims: another more'],
    when: ({ token }) => Buffer.from(token.split('.')[1], 'base64url').includes('__proto__'),
  },
  {
    because: 'A date that is none: beyond the year 9999, before 1970, or a text (RFC 7519 §2).',
    codes: ['token_exp_malformed', 'token_nbf_malformed', 'token_iat_malformed', 'token_auth_time_malformed'],
    by: ANY_DATE,
  },
  {
    because: 'A person who signed in later than now, or has no such date.',
    codes: ['token_auth_time_future'],
    by: ANY_DATE,
  },
  {
    because: 'The fraction of a second of `exp` is dropped, so that a token ends up to a second sooner.',
    codes: ['token_expired'],
    by: ['claims: a date at an edge', 'text of the claims: a', 'part of the claims: a character changed'],
    when: ({ token }) => {
      const { exp } = said(token, 1)
      return exp !== Math.floor(exp)
    },
  },
  {
    because: 'An audience of another form, one more audience of an id_token, or one where there should be none (OIDC Core §3.1.3.7).',
    codes: ['token_aud_malformed', 'token_aud_untrusted', 'token_aud_unexpected'],
    by: ANY_CLAIM,
  },
  {
    because: 'Issued to another party, or to one that several audiences leave unsaid (OIDC Core §3.1.3.7).',
    codes: ['token_azp_missing', 'token_azp_malformed', 'token_azp_mismatch'],
    by: ANY_CLAIM,
  },
  {
    because: '`jose` is not told what the claim must say: it has no option for it.',
    codes: ['token_acr_malformed', 'token_acr_not_acceptable', 'token_nonce_mismatch', 'token_client_id_missing', 'token_client_id_malformed', 'token_client_id_not_allowed', 'token_scope_malformed', 'token_scope_missing', 'token_scope_insufficient', 'token_jti_missing', 'token_sub_malformed', 'token_sub_missing', 'token_pid_malformed'],
    by: ANY_CLAIM,
  },
  {
    because: 'Another kind of token by its claims, an id_token or a logout token (RFC 8725 §3.12).',
    codes: ['token_not_access_token'],
    by: ANY_CLAIM,
  },
  {
    because: 'Bound to a key that was not proven (RFC 7800 §3.1, RFC 9449 §7.1).',
    codes: ['token_sender_constrained'],
    by: ANY_CLAIM,
  },
]

/** What a part of a token says, as `jose` reads it: without a byte order mark. */
function said(token, part) {
  return JSON.parse(new TextDecoder().decode(Buffer.from(token.split('.')[part], 'base64url')))
}

/** Whether a text of JSON has an object with the same name twice. Only for texts that `JSON.parse` reads. */
function hasMemberTwice(text) {
  const names = []
  let expectsName = false
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (piece === '{') [expectsName] = [true, names.push(new Set())]
    else if (piece === '[') [expectsName] = [false, names.push(undefined)]
    else if (piece === '}' || piece === ']') [expectsName] = [false, names.pop()]
    else if (piece === ',') expectsName = names.at(-1) !== undefined
    else if (piece === ':') expectsName = false
    else if (expectsName) {
      const name = JSON.parse(piece)
      if (names.at(-1).has(name)) return true
      names.at(-1).add(name)
    }
  }
  return false
}

/** Whether a text of JSON has what readers take differently, or is deep. */
function isOdd(text) {
  if (text.startsWith('\ufeff')) return true
  let [deepest, depth] = [0, 0]
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (piece === '{' || piece === '[') deepest = Math.max(deepest, ++depth)
    else if (piece === '}' || piece === ']') depth -= 1
    else if (!JSON.parse(piece).isWellFormed()) return true
  }
  const numbers = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/-?\d[\d.eE+-]*/g) ?? []
  return deepest > 32 || numbers.some((number) => Math.abs(Number(number)) >= 1e308)
}
