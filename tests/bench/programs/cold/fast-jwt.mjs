import { createVerifier } from 'fast-jwt'

export const first = async ({ issuer, pem, token }) => createVerifier({ key: pem, algorithms: ['RS256'], allowedIss: issuer })(token)
