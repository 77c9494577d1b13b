export type * from '../claims.js'
export { type ErrorCode, type Fault, PortvaktError } from '../errors.js'
export {
  type Environment,
  type Preset,
  type Presets,
  type Service,
  altinn,
  ansattporten,
  dialogporten,
  idporten,
  maskinporten,
} from '../presets.js'
export type { Fetch } from '../transport.js'
export type { IdTokenOptions, VerifiedIdToken, VerifyIdToken } from '../verify/id-token.js'
export { toResponse } from '../verify/response.js'
export type * from '../verify/types.js'
