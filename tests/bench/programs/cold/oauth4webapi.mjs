import { jwksCache, validateJwtAccessToken } from 'oauth4webapi'

export const first = ({ issuer, audience, jwks, tokenWithAudience }) =>
  validateJwtAccessToken(
    { issuer, jwks_uri: `${issuer}/jwks` },
    new Request(audience, { headers: { authorization: `Bearer ${tokenWithAudience}` } }),
    audience,
    { [jwksCache]: { jwks, uat: Math.floor(Date.now() / 1000) } },
  )
