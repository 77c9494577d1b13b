import { JwtVerifier } from 'aws-jwt-verify'

export const first = ({ issuer, jwks, token }) => {
  const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri: `${issuer}/jwks` })
  verifier.cacheJwks(jwks)
  return verifier.verify(token)
}
