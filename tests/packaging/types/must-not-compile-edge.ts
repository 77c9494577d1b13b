// Each line that is announced must be an error: one that is none is an error by itself.

import { ansattporten, createLogoutEndpoint, idporten, memoryStore } from 'portvakt/edge'
import { maskinporten } from 'portvakt/verify'

const store = memoryStore()
const endpoint = createLogoutEndpoint({ issuer: ansattporten.prod, store })

// @ts-expect-error the store is forgotten
createLogoutEndpoint({ issuer: ansattporten.prod })
// @ts-expect-error whose logouts?
createLogoutEndpoint({ store })
// @ts-expect-error nobody signs out of Maskinporten
createLogoutEndpoint({ issuer: maskinporten.prod, store })
// @ts-expect-error who may frame the endpoint is not known of another provider
createLogoutEndpoint({ issuer: 'https://op.example', store })
// @ts-expect-error nobody may frame the endpoint
createLogoutEndpoint({ issuer: 'https://op.example', frameAncestors: [], store })
// @ts-expect-error a misspelt option
createLogoutEndpoint({ issuer: idporten.prod, store, session: 7200 })
// @ts-expect-error the clients are forgotten
createLogoutEndpoint({ issuer: idporten.prod, store, backChannel: {} })
// @ts-expect-error there are no clients
createLogoutEndpoint({ issuer: idporten.prod, store, backChannel: { clientIds: [] } })
// @ts-expect-error there are no shared secrets
createLogoutEndpoint({ issuer: idporten.prod, store, backChannel: { clientIds: ['a'], algorithms: ['HS256'] } })
// @ts-expect-error a store remembers tokens too
createLogoutEndpoint({ issuer: idporten.prod, store: { revoke: async () => {}, isRevoked: async () => false } })
// @ts-expect-error a moment is a number of seconds
store.revoke('session', new Date())
// @ts-expect-error a promise is not a response
endpoint(new Request('https://app.example/')).status
// @ts-expect-error an address is not a request
endpoint('https://app.example/')
