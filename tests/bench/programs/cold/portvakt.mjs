import { ansattporten, createVerifier } from 'portvakt/verify'

export const first = ({ policy, jwks, token }) => createVerifier({ issuer: ansattporten.test, ...policy, jwks }).verify(token)
