// What is measured: each gives a function that verifies one token, set up as its documentation says, with the keys at
// hand, so that nothing is fetched.

/** The contenders of one algorithm, by name. `modules` are those that this runtime can load. */
export async function contenders(alg, modules, data) {
  const { portvakt, jose, hono, aws, fast, oauth, node } = modules
  const { issuer, audience, policy, jwks, pools } = data
  const verifier = (options) =>
    portvakt.createVerifier({ issuer: portvakt.ansattporten.test, ...policy, algorithms: [alg], jwks, ...options })
  const made = {}

  const plain = verifier({})
  made.portvakt = (token) => plain.verify(token)
  const remembering = verifier({ seenTokens: 1000 })
  made['portvakt, seenTokens'] = (token) => remembering.verify(token)
  // Room for one: in a pool each token is new to it.
  const forgetting = verifier({ seenTokens: 1 })
  made['portvakt, seenTokens, all new'] = (token) => forgetting.verify(token)
  made['portvakt verifySync'] = (token) => plain.verifySync(token)

  const keys = jose.createLocalJWKSet(jwks)
  made.jose = (token) => jose.jwtVerify(token, keys, { issuer, algorithms: [alg] })

  const allowedAlgorithms = [alg]
  made['hono/jwk'] = (token) => hono.verifyWithJwks(token, { keys: jwks.keys, allowedAlgorithms, verification: { iss: issuer } })

  const awsVerifier = aws.JwtVerifier.create({ issuer, audience: null, jwksUri: `${issuer}/jwks` })
  awsVerifier.cacheJwks(jwks)
  made['aws-jwt-verify'] = (token) => awsVerifier.verify(token)

  const server = { issuer, jwks_uri: `${issuer}/jwks` }
  const options = {
    [oauth.customFetch]: async () => Response.json(jwks),
    signingAlgorithms: [alg],
    [oauth.jwksCache]: { jwks, uat: Math.floor(Date.now() / 1000) },
  }
  made.oauth4webapi = withAudience((token) => {
    const request = new Request(audience, { headers: { authorization: `Bearer ${token}` } })
    return oauth.validateJwtAccessToken(server, request, audience, options)
  })

  if (fast) {
    const settings = { key: pools[alg].pem, algorithms: [alg], allowedIss: issuer }
    const fastVerifier = fast.createVerifier({ ...settings, cache: false })
    made['fast-jwt'] = (token) => fastVerifier(token)
    const fastRemembering = fast.createVerifier({ ...settings, cache: 1000 })
    made['fast-jwt, cache'] = (token) => fastRemembering(token)
  }
  Object.assign(made, await limits(alg, node, data))
  return made
}

/** Those that take no token without an audience are given one with it. */
function withAudience(verify) {
  return Object.assign(verify, { tokens: 'audience' })
}

const PARAMETERS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}

/** Nothing but the signature, of bytes that were cut out before: what no verification can be faster than. */
async function limits(alg, node, { jwks, pools }) {
  const key = jwks.keys.find((key) => key.alg === alg)
  const { kty, crv, x, y, n, e } = key
  const made = {}
  const cut = new Map()
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
  for (const token of pools[alg].plain) {
    const end = token.lastIndexOf('.')
    cut.set(token, [new TextEncoder().encode(token.slice(0, end)), bytes(token.slice(end + 1))])
  }
  const good = (is) => {
    if (!is) throw new Error('a good signature was refused')
  }
  const imported = await crypto.subtle.importKey('jwk', { kty, crv, x, y, n, e }, PARAMETERS[alg], false, ['verify'])
  made['crypto.subtle.verify alone'] = async (token) => {
    const [input, signature] = cut.get(token)
    good(await crypto.subtle.verify(PARAMETERS[alg], imported, signature, input))
  }
  if (node) {
    const publicKey = node.createPublicKey({ key: { kty, crv, x, y, n, e }, format: 'jwk' })
    const parameters = alg === 'ES256' ? { key: publicKey, dsaEncoding: 'ieee-p1363' } : publicKey
    made['crypto.verify alone'] = (token) => {
      const [input, signature] = cut.get(token)
      good(node.verify(alg === 'EdDSA' ? null : 'sha256', input, parameters, signature))
    }
  }
  return made
}
