// Each line that is announced must be an error: one that is none is an error by itself.

import { ansattporten, createAuth, idporten } from 'portvakt'
import { createVerifier, dialogporten, idporten as idportenTokens, maskinporten, verifyIdToken } from 'portvakt/verify'

// @ts-expect-error nobody signs in with Maskinporten
createAuth({ issuer: maskinporten.test, clientId: 'client-1', redirectUri: '/callback' })

const auth = await createAuth({ issuer: ansattporten.test, clientId: 'client-1', redirectUri: '/callback' })
// @ts-expect-error claims cannot be read before the state says that somebody is signed in
auth.state.claims
// @ts-expect-error nor can the organisation
auth.state.representation
// @ts-expect-error nor when the session ends
auth.state.endsAt
if (auth.state.status !== 'signedOut') {
  // @ts-expect-error what is not signed out may be loading
  auth.state.claims
}
// @ts-expect-error a session lies nowhere else
createAuth({ issuer: ansattporten.test, clientId: 'client-1', redirectUri: '/callback', storage: 'localStorage' })
// @ts-expect-error an organisation cannot be switched to by its number
auth.switchOrganisation('310000019')
if (auth.state.status === 'signedIn') {
  // @ts-expect-error what was not asked for is not there
  auth.state.representation.kind
  // @ts-expect-error organisations are there only if the person did not choose themselves
  auth.state.representation?.organisations
  // @ts-expect-error a level of the other service
  auth.state.claims.acr === 'idporten-loa-high'
  // @ts-expect-error claims are as they were signed
  auth.state.claims.sub = 'somebody else'
}
// @ts-expect-error a level of the other service
auth.login({ acrValues: ['idporten-loa-high'] })
// @ts-expect-error a mandate is asked for at ID-porten
auth.login({ onBehalfOf: { type: 'idporten:fullmakt', permissionRoles: ['arbeid'] } })
// @ts-expect-error nothing says in what to act
auth.login({ onBehalfOf: {} })
const citizens = await createAuth({ issuer: idporten.test, clientId: 'client-1', redirectUri: '/callback' })
// @ts-expect-error organisations are chosen at Ansattporten
citizens.login({ onBehalfOf: { resource: 'urn:altinn:resource:demo' } })

// @ts-expect-error the audience is forgotten
createVerifier({ issuer: idportenTokens.test, requiredScope: ['example:api'] })
// @ts-expect-error undefined is not a decision
createVerifier({ issuer: idportenTokens.test, audience: undefined, requiredScope: ['example:api'] })
// @ts-expect-error the audience is forgotten for another issuer
createVerifier({ issuer: 'https://issuer.example' })
// @ts-expect-error a misspelt option
createVerifier({ issuer: idportenTokens.test, audience: null, requiredScopes: ['example:api'] })
// @ts-expect-error there are no shared secrets
createVerifier({ issuer: idportenTokens.test, audience: null, requiredScope: ['a:b'], algorithms: ['HS256'] })
// @ts-expect-error representation is Ansattporten's
createVerifier({ issuer: idportenTokens.test, audience: null, requiredScope: ['a:b'], representation: { type: 'ansattporten:orgno' } })
// @ts-expect-error suppliers are Maskinporten's
createVerifier({ issuer: idportenTokens.test, audience: null, requiredScope: ['a:b'], delegation: 'refused' })
// @ts-expect-error dialog tokens have no audience
createVerifier({ issuer: dialogporten.test, audience: 'https://api.example' })

const dialogs = createVerifier({ issuer: dialogporten.test })
// @ts-expect-error the dialog is forgotten
dialogs.verify('token')
const people = createVerifier({ issuer: idportenTokens.test, audience: null, requiredScope: ['example:api'] })
// @ts-expect-error a promise is not a token
people.verify('token').sub
// @ts-expect-error Maskinporten's alone
people.verifySync('token').supplier
// @ts-expect-error the organisation is a person's at Ansattporten
people.verify('token', { organisation: '310000019' })

// @ts-expect-error the nonce is forgotten
verifyIdToken('token', { issuer: idportenTokens.test, clientId: 'client-1', jwks: { keys: [] } })

// @ts-expect-error the dialog is forgotten here too
dialogs.verifySync('token', { keys: [] })
