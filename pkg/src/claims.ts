/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Claims as they were signed. */
export interface RawClaims {
  readonly [name: string]: Json
}

/** How sure the service is that the person is who they say. */
export type AssuranceLevel = 'low' | 'substantial' | 'high'

/** The sign-ins of ID-porten. */
export type IdportenAcr =
  | 'idporten-loa-low'
  | 'idporten-loa-substantial'
  | 'idporten-loa-high'
  | 'eidas-loa-substantial'
  | 'eidas-loa-high'
  | 'selfregistered-email'

/** The sign-ins of Ansattporten. */
export type AnsattportenAcr = 'substantial' | 'high' | 'entraid'

/** A signature algorithm. There is no MAC and no `none`. */
export type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA'

/** A set of public keys (RFC 7517 §5). */
export interface JsonWebKeySet {
  readonly keys: readonly object[]
}
