// What users write, and what the types then know.

import { type AuthState, ansattporten, createAuth, idporten } from 'portvakt'
import { createVerifier, dialogporten, idporten as idportenTokens, maskinporten, toResponse, verifyIdToken } from 'portvakt/verify'

const auth = await createAuth({ issuer: ansattporten.test, clientId: 'client-1', redirectUri: '/callback' })
await auth.login({
  acrValues: ['substantial'],
  onBehalfOf: { resource: 'urn:altinn:resource:demo', actions: ['read'], allowMultipleOrganizations: true },
  returnTo: '/inbox',
})
await auth.login({ acrValues: ['entraid'], onBehalfOf: { type: 'ansattporten:orgno' } })

export async function work(response: Response): Promise<boolean> {
  if (auth.state.status !== 'signedIn') return false
  const left: number = auth.state.endsAt - Date.now() / 1000
  if (auth.state.warning && auth.state.isRenewable && left > 0) await auth.renew()
  const isDemanded: false = await auth.stepUp(response)
  await auth.login({ acrValues: ['high'], onBehalfOf: null })
  await auth.switchOrganisation({ onBehalfOf: { resource: 'urn:altinn:resource:demo' } })
  return isDemanded
}

const strict = await createAuth({
  issuer: ansattporten.test,
  clientId: 'client-2',
  redirectUri: '/callback',
  idleSeconds: 600,
  sessionSeconds: 3600,
  warningSeconds: 60,
  storage: 'memory',
  dpop: false,
  logoutEvents: '/portvakt/logout',
})
await strict.logout({ returnTo: '/' })

export function greeting(state: AuthState<'ansattporten'>): string {
  if (state.status === 'loading') return 'One moment'
  if (state.status === 'signedOut') return state.error?.code ?? 'Sign in'
  const { claims, representation } = state
  switch (representation?.kind) {
    case 'organisations':
      return representation.organisations.map(({ number, name }) => name ?? number).join()
    case 'self':
    case undefined:
      return claims.name ?? claims.sub
  }
}

const citizens = await createAuth({ issuer: idporten.prod, clientId: 'client-1', redirectUri: '/callback' })
await citizens.login({ onBehalfOf: { type: 'idporten:fullmakt', permissionRoles: ['arbeid'] } })

const people = createVerifier({ issuer: idportenTokens.prod, audience: null, requiredScope: ['example:api'] })
const machines = createVerifier({
  issuer: maskinporten.prod,
  audience: null,
  requiredScope: ['example:api'],
  delegation: { suppliers: ['310000027'] },
})
const dialogs = createVerifier({ issuer: dialogporten.prod, minimumLevel: 4 })
const others = createVerifier({ issuer: 'https://issuer.example', audience: 'https://api.example' })

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      const person: { pid?: string } = await people.verifyRequest(request)
      const consumer: string = (await machines.verifyRequest(request)).consumer
      const level: number = (await dialogs.verifyRequest(request, { dialogId: crypto.randomUUID() })).level
      const scope: readonly string[] = (await others.verifyRequest(request)).scope
      return Response.json({ person, consumer, level, scope })
    } catch (error) {
      return toResponse(error)
    }
  },
}

export const who = (token: string): string =>
  verifyIdToken(token, { issuer: idportenTokens.test, clientId: 'client-1', nonce: null, jwks: { keys: [] } }).sub

export const sees = (token: string): boolean =>
  dialogs.verifySync(token, { keys: [] }, { dialogId: crypto.randomUUID() }).actions.includes('read')
