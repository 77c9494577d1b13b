import { verifyWithJwks } from 'hono/jwt'

export const first = ({ issuer, jwks, token }) =>
  verifyWithJwks(token, { keys: jwks.keys, allowedAlgorithms: ['RS256'], verification: { iss: issuer } })
