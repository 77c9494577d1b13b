/** Which of the services it is. */
export type Service = 'idporten' | 'ansattporten' | 'maskinporten' | 'altinn' | 'dialogporten'

/** Where it runs, and with it whether its people are real. */
export type Environment = 'prod' | 'test' | 'local'

/** One service in one environment: its issuer, to the character. */
export interface Preset<S extends Service = Service> {
  readonly service: S
  readonly environment: Environment
  /** The issuer, exactly as it stands in `iss` and in the metadata. */
  readonly issuer: string
}

/** The environments of a service. */
export interface Presets<S extends Service> {
  /** The real service, with real people. */
  readonly prod: Preset<S>
  /** The service's own test environment, with synthetic people. */
  readonly test: Preset<S>
  /** A simulator on this machine, named by its issuer: `http://127.0.0.1:8101`. */
  local(issuer: string): Preset<S>
}

/** ID-porten: people as themselves, in public services. */
export const idporten: Presets<'idporten'> = /* @__PURE__ */ presets(
  'idporten',
  'https://idporten.no',
  'https://test.idporten.no',
)

/** Ansattporten: people at work, who choose an organisation to act for. */
export const ansattporten: Presets<'ansattporten'> = /* @__PURE__ */ presets(
  'ansattporten',
  'https://ansattporten.no',
  'https://test.ansattporten.no',
)

/** Maskinporten: machines of organisations. Nobody signs in with it. */
export const maskinporten: Presets<'maskinporten'> = /* @__PURE__ */ presets(
  'maskinporten',
  'https://maskinporten.no/',
  'https://test.maskinporten.no/',
)

/** Altinn's own tokens, exchanged for those of ID-porten or Maskinporten. */
export const altinn: Presets<'altinn'> = /* @__PURE__ */ presets(
  'altinn',
  'https://platform.altinn.no/authentication/api/v1/openid/',
  'https://platform.tt02.altinn.no/authentication/api/v1/openid/',
)

/** Dialogporten: the common inbox; it issues dialog tokens. `test` is TT02. */
export const dialogporten: Presets<'dialogporten'> = /* @__PURE__ */ presets(
  'dialogporten',
  'https://platform.altinn.no/dialogporten/api/v1',
  'https://platform.tt02.altinn.no/dialogporten/api/v1',
)

/** @internal Where the metadata of an issuer are: after its path, for all of these services and by OIDC Discovery §4. */
export function metadataUrl(service: Service | undefined, issuer: string): string {
  const isAuthorizationServer = service === 'maskinporten' || service === 'dialogporten'
  const document = isAuthorizationServer ? 'oauth-authorization-server' : 'openid-configuration'
  return `${issuer.replace(/\/$/, '')}/.well-known/${document}`
}

function presets<S extends Service>(service: S, prod: string, test: string): Presets<S> {
  return {
    prod: { service, environment: 'prod', issuer: prod },
    test: { service, environment: 'test', issuer: test },
    local: (issuer) => ({ service, environment: 'local', issuer }),
  }
}
