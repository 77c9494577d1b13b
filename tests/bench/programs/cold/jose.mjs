import { createLocalJWKSet, jwtVerify } from 'jose'

export const first = ({ issuer, jwks, token }) => jwtVerify(token, createLocalJWKSet(jwks), { issuer, algorithms: ['RS256'] })
