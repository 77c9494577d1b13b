// With what it takes to verify the id_token besides: the signature, and the claims that OIDC Core asks for.

import { createRemoteJWKSet, jwtVerify } from 'jose'
import { UserManager } from 'oidc-client-ts'

const manager = new UserManager({
  authority: bench.issuer,
  client_id: bench.clientId,
  redirect_uri: `${location.origin}/callback`,
  scope: 'openid profile',
})
if (location.pathname === '/callback') {
  const { id_token: idToken } = await manager.signinRedirectCallback()
  const { jwks_uri: jwksUri } = await manager.metadataService.getMetadata()
  const options = { issuer: bench.issuer, audience: bench.clientId, algorithms: ['RS256'] }
  await jwtVerify(idToken, createRemoteJWKSet(new URL(jwksUri)), options)
  bench.signedIn()
} else await manager.signinRedirect({ nonce: crypto.randomUUID() })
