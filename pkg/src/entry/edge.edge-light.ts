import { logoutEndpointOf } from '../edge/endpoint.js'
import type { CreateLogoutEndpoint } from '../edge/types.js'

export * from './edge-types.js'

const bound: CreateLogoutEndpoint = /* @__PURE__ */ logoutEndpointOf(async () => (await import('../edge/load.edge-light.js')).core)

/**
 * Makes the endpoint that hears from a provider that a session has ended, and tells the application's tabs.
 *
 * - `GET ?iss&sid`: a logout in a frame of the provider's (OpenID Connect Front-Channel Logout).
 * - `POST logout_token`: a logout that the provider posts (OpenID Connect Back-Channel Logout), with `backChannel`.
 * - `GET ?session`: whether the session of that name has ended, as JSON, or as server-sent events that tell when.
 *
 * Throws `misuse_*` if an option cannot be.
 */
export const createLogoutEndpoint: CreateLogoutEndpoint = (options) => bound(options)
