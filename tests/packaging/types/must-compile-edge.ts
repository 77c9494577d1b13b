// What users write for the logout endpoint, and what the types then know.

import {
  type LogoutEndpoint,
  type LogoutStore,
  ansattporten,
  createLogoutEndpoint,
  idporten,
  logoutSession,
  memoryStore,
  redisStore,
} from 'portvakt/edge'

const store = memoryStore({ maxEntries: 1000 })
const own: LogoutStore = {
  revoke: async (session: string, expiresAt: number) => void [session, expiresAt],
  isRevoked: async (session) => session === '',
  useOnce: async () => true,
}

export const endpoints: LogoutEndpoint[] = [
  createLogoutEndpoint({ issuer: ansattporten.prod, store }),
  createLogoutEndpoint({ issuer: idporten.prod, store: own, backChannel: { clientIds: ['client-1', 'client-2'] } }),
  createLogoutEndpoint({ issuer: idporten.local('http://127.0.0.1:8103'), frameAncestors: ['http://127.0.0.1:8104'], store }),
  createLogoutEndpoint({ issuer: 'https://op.example', frameAncestors: ['https://op.example'], store }),
  createLogoutEndpoint({
    issuer: idporten.test,
    store: redisStore(async ([name, ...rest]) => [name, rest], { prefix: 'my-service:' }),
    sessionSeconds: 8 * 3600,
    maxStreams: 100,
    clock: () => 0,
    onFailure: (error) => console.error(error),
    backChannel: { clientIds: ['client-1'], jwks: { keys: [] }, algorithms: ['RS256'], clockToleranceSeconds: 10 },
  }),
]

export const handler = { fetch: (request: Request): Promise<Response> => endpoints[0]!(request) }
export const name: Promise<string> = logoutSession('https://ansattporten.no', 'sid')
