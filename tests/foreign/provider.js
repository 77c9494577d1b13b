// A certified OpenID provider (npm `oidc-provider`) on a free port of this machine.
//
//     node provider.js <redirect_uri> <post_logout_redirect_uri>
//
// Prints its issuer when it listens. There is one public client for each signature algorithm, named
// after it. Keys are made anew each time; anybody may sign in under any name.

import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

const [redirectUri, postLogoutRedirectUri] = process.argv.slice(2)

const keys = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
const algorithms = Object.keys(keys)

const resource = 'urn:example:inbox'

const configuration = {
  clients: algorithms.map((alg) => ({
    client_id: alg,
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [postLogoutRedirectUri],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: alg,
    authorization_details_types: ['representation'],
  })),
  jwks: {
    keys: algorithms.map((alg) => ({
      ...keys[alg].privateKey.export({ format: 'jwk' }),
      alg,
      kid: `key-of-${alg}`,
      use: 'sig',
    })),
  },
  enabledJWA: { idTokenSigningAlgValues: algorithms },
  cookies: { keys: ['the keys of a provider that lives for one test'] },
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Kari Prøve' }) }),
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: '', audience: resource, accessTokenFormat: 'jwt' }),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { representation: { validate() {} } },
      // What was asked for is what is granted.
      authorizationDetailsForGrantSource: (ctx) => ctx.oidc.entities.Grant.rar,
      authorizationDetailsForAccessToken: (_, __, source) => source.rar,
      authorizationDetailsForIntrospection: (_, token) => token.rar,
    },
  },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
}

// The issuer is part of the configuration, so the port comes first.
const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, configuration)
  server.on('request', provider.callback())
  console.log(issuer)
})
