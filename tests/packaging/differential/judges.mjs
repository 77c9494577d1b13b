// The two who judge: this package in both of its ways, and `jose`.

import { createLocalJWKSet, errors, jwtVerify } from 'jose'

import { NOW, PROFILES } from './tokens.mjs'

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** What both are told about each kind of token. `jose` is told all that it has options for. */
const TOLD = {
  'access token': {
    ours: { issuer: 'https://issuer.example', audience: 'https://api.example' },
    jose: { audience: 'https://api.example', typ: 'at+jwt', requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'], maxTokenAge: '100 years' },
  },
  'access token of ID-porten': {
    ours: { audience: null, clientIds: ['client-1'], requiredScope: ['openid'] },
    jose: { requiredClaims: ['exp', 'iat', 'client_id', 'scope'], maxTokenAge: '100 years' },
  },
  'id_token': {
    ours: { issuer: 'https://issuer.example', clientId: 'client-1', nonce: 'nonce-1', acrValues: ['high'] },
    jose: { audience: 'client-1', requiredClaims: ['exp', 'iat', 'sub', 'nonce', 'acr'], maxTokenAge: 600 },
  },
}

/** Whoever judges with the keys of a set: each gives `{ code }`, or `{ claims }` of a token that is accepted. */
export async function judgesOf(portvakt, profile, text) {
  return { ours: await oursOf(portvakt, profile, text), jose: joseOf(profile, text) }
}

/** This package, as `verify` (which asks WebCrypto) and `verifySync` (which computes). */
async function oursOf({ PortvaktError, createVerifier, idporten, verifyIdToken }, profile, text) {
  const judged = (work) => work.then(({ claims }) => ({ claims }), (error) => ({ code: codeOf(error) }))
  const codeOf = (error) => {
    if (!(error instanceof PortvaktError)) throw error
    return error.code
  }
  const told = { ...TOLD[profile].ours, algorithms: ALGORITHMS, clockToleranceSeconds: PROFILES[profile].tolerance, clock: () => NOW }
  if (profile === 'id_token') {
    let jwks
    try {
      jwks = JSON.parse(text)
    } catch {
      return async () => [{ code: 'token_keys_malformed' }]
    }
    return async (token) => [await judged((async () => verifyIdToken(token, { ...told, jwks }))())]
  }
  if (profile === 'access token of ID-porten') told.issuer = idporten.test
  const fetch = async () => new Response(text, { headers: { 'content-type': 'application/json' } })
  const verifier = createVerifier({ ...told, jwksUri: 'https://issuer.example/jwks', fetch })
  const [hydrated] = [await verifier.hydrate().catch(codeOf)]
  if (hydrated !== undefined) return async () => [{ code: hydrated }]
  return (token) => Promise.all([judged(verifier.verify(token)), judged((async () => verifier.verifySync(token))())])
}

function joseOf(profile, text) {
  const { jose } = TOLD[profile]
  const options = {
    ...jose,
    issuer: PROFILES[profile].claims.iss,
    algorithms: [...ALGORITHMS, 'Ed25519'],
    clockTolerance: PROFILES[profile].tolerance,
    currentDate: new Date(NOW * 1000),
  }
  let keys
  try {
    keys = createLocalJWKSet(JSON.parse(text))
  } catch (error) {
    return async () => ({ code: joseCode(error) })
  }
  return async (token) => {
    try {
      return { claims: await joseClaims(token, keys, options) }
    } catch (error) {
      return { code: joseCode(error) }
    }
  }
}

/** Tries each key where several suit, as the documentation of `jose` has it for such sets. */
async function joseClaims(token, keys, options) {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    let last = error
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (refused) {
        // What the right key led to says more than what all the others did.
        if (last === error || !(refused instanceof errors.JWSSignatureVerificationFailed)) last = refused
      }
    }
    throw last
  }
}

/** What `jose` says: the code of its error, and what WebCrypto or the runtime says of a key as the error's kind. */
function joseCode(error) {
  if (error instanceof errors.JWTClaimValidationFailed) return `${error.code} ${error.claim} ${error.reason}`
  return error instanceof errors.JOSEError ? error.code : error.name
}
