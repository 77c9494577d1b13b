// The cases that every runtime is given: what is verified, with what, and what must come out.


import { encode, jwks, paddedJwks, tampered, token } from './keys.mjs'

/** The time of every case, in seconds since 1970. */
const NOW = 1_790_000_060

const consumer = (number) => ({ authority: 'iso6523-actorid-upis', ID: `0192:${number}` })
const times = { iat: NOW - 59, exp: NOW + 61 }

const idporten = {
  iss: 'https://test.idporten.no',
  sub: 'x9WJ0s0mePairwiseSubjectValue',
  pid: '15868510045',
  acr: 'idporten-loa-substantial',
  scope: 'openid example:api',
  client_id: 'client-1',
  consumer: consumer('310000019'),
  jti: 'UPw8a6-uKGo',
  ...times,
}
const resource = 'urn:altinn:resource:demo-post'
const party = (number, actions) => ({ orgno: consumer(number), resource: 'demo-post', actions })
const ansattporten = {
  ...idporten,
  iss: 'https://test.ansattporten.no',
  acr: 'high',
  authorization_details: [
    {
      type: 'ansattporten:altinn:resource',
      resource,
      authorized_parties: [party('310000019', ['read']), party('312223333', ['read', 'write'])],
    },
  ],
}
const maskinporten = {
  iss: 'https://test.maskinporten.no/',
  client_id: 'client-1',
  scope: 'example:api',
  consumer: consumer('310000019'),
  supplier: consumer('310000027'),
  delegation_source: 'https://tt02.altinn.no/',
  jti: 'UPw8a6-uKGo',
  ...times,
  authorization_details: [
    {
      type: 'urn:altinn:systemuser',
      systemuser_id: ['6b1f0c5e-0000-4000-8000-000000000001'],
      systemuser_org: consumer('310000035'),
      system_id: '310000043_examplesystem',
    },
  ],
}
const dialogId = '0194fe82-9280-77a5-a7cd-5ff0e6a6fa07'
const dialog = {
  iss: 'https://platform.tt02.altinn.no/dialogporten/api/v1',
  c: 'urn:altinn:person:identifier-no:15868510045',
  p: 'urn:altinn:organization:identifier-no:310000019',
  s: resource,
  i: dialogId,
  a: 'read;write',
  e: ['attachment-1'],
  l: 3,
  iat: NOW - 59,
  nbf: NOW - 59,
  exp: NOW + 541,
}
const rfc9068 = {
  iss: 'https://issuer.example',
  aud: 'https://api.example',
  sub: 'alice',
  client_id: 'client-1',
  jti: '1',
  ...times,
}

const byScope = { audience: null, requiredScope: ['example:api'] }
const eddsa = { alg: 'EdDSA', typ: 'JWT' }
const atJwt = { typ: 'at+jwt' }

const accepted = [
  ['ID-porten', 'idporten', byScope, token(idporten), { pid: '15868510045', level: 'substantial' }],
  ['ID-porten by client', 'idporten', { audience: null, clientIds: ['client-1'] }, token(idporten), { clientId: 'client-1' }],
  ['Ansattporten', 'ansattporten', byScope, token(ansattporten), { acr: 'high', organisations: [] }],
  [
    'Ansattporten with representation',
    'ansattporten',
    { ...byScope, representation: { type: 'ansattporten:altinn:resource', resource, actions: ['write'] } },
    token(ansattporten),
    { organisations: [{ number: '312223333', actions: ['read', 'write'], rights: [] }] },
  ],
  [
    'Maskinporten',
    'maskinporten',
    { ...byScope, consumers: ['310000019'], systemUser: { organisation: '310000035' } },
    token(maskinporten),
    {
      consumer: '310000019',
      supplier: { organisation: '310000027', delegationSource: 'https://tt02.altinn.no/' },
      systemUser: {
        ids: ['6b1f0c5e-0000-4000-8000-000000000001'],
        organisation: '310000035',
        systemId: '310000043_examplesystem',
      },
    },
  ],
  [
    'Altinn with padded keys',
    'altinn',
    { ...byScope, jwks: paddedJwks },
    token({ ...idporten, iss: 'https://platform.tt02.altinn.no/authentication/api/v1/openid/' }),
    { sub: idporten.sub },
  ],
  ['RFC 9068', 'https://issuer.example', { audience: 'https://api.example' }, token(rfc9068, atJwt), { sub: 'alice', scope: [] }],
  [
    'ES256',
    'https://issuer.example',
    { audience: 'https://api.example', algorithms: ['ES256'] },
    token(rfc9068, { ...atJwt, alg: 'ES256' }),
    { sub: 'alice' },
  ],
  [
    'EdDSA',
    'https://issuer.example',
    { audience: 'https://api.example', algorithms: ['EdDSA'] },
    token(rfc9068, { ...atJwt, alg: 'EdDSA' }),
    { sub: 'alice' },
  ],
  [
    'a dialog token',
    'dialogporten',
    {},
    token(dialog, eddsa),
    { level: 3, actions: ['read', 'write'], entities: ['attachment-1'], party: dialog.p },
    { dialogId, actions: ['write'], entity: 'attachment-1' },
  ],
]

const none = `${encode('{"alg":"none"}')}.${encode(JSON.stringify(idporten))}.`

const refused = [
  ['a changed signature', 'idporten', byScope, tampered(token(idporten)), 'token_signature_invalid'],
  ...['ES256', 'EdDSA'].map((alg) => [
    `a changed signature with ${alg}`, 'idporten', { ...byScope, algorithms: [alg] }, tampered(token(idporten, { alg })), 'token_signature_invalid',
  ]),
  ['alg none', 'idporten', byScope, none, 'token_alg_not_allowed'],
  ['another algorithm than configured', 'idporten', byScope, token(idporten, { alg: 'EdDSA' }), 'token_alg_not_allowed'],
  ['an unknown key', 'idporten', byScope, token(idporten, { kid: 'other' }), 'token_key_unknown'],
  ['no token at all', 'idporten', byScope, '', 'token_malformed'],
  ['another issuer', 'idporten', byScope, token(ansattporten), 'token_iss_mismatch'],
  ['an expired token', 'idporten', byScope, token({ ...idporten, exp: NOW - 10 }), 'token_expired'],
  ['an id_token', 'idporten', byScope, token({ ...idporten, nonce: 'n' }), 'token_not_access_token'],
  ['a logout token', 'idporten', byScope, token({ ...idporten, events: {} }), 'token_not_access_token'],
  ['a token for others', 'idporten', byScope, token({ ...idporten, aud: 'https://other.example' }), 'token_aud_unexpected'],
  ['too little scope', 'idporten', byScope, token({ ...idporten, scope: 'openid' }), 'token_scope_insufficient'],
  [
    'another client',
    'idporten',
    { audience: null, clientIds: ['client-2'] },
    token(idporten),
    'token_client_id_not_allowed',
  ],
  [
    'too low a level',
    'idporten',
    { ...byScope, acrValues: ['idporten-loa-high'] },
    token(idporten),
    'token_acr_not_acceptable',
  ],
  [
    'the right action for another organisation',
    'ansattporten',
    { ...byScope, representation: { type: 'ansattporten:altinn:resource', resource, actions: ['write'] } },
    token(ansattporten),
    'token_representation_insufficient',
    { organisation: '310000019' },
  ],
  [
    'oneself where an organisation is needed',
    'ansattporten',
    { ...byScope, representation: { type: 'ansattporten:altinn:resource', resource } },
    token({ ...ansattporten, authorization_details: [{ type: 'ansattporten:altinn:resource' }] }),
    'token_representation_missing',
  ],
  ['delegation', 'maskinporten', { ...byScope, delegation: 'refused' }, token(maskinporten), 'token_delegation_refused'],
  [
    'another supplier',
    'maskinporten',
    { ...byScope, delegation: { suppliers: ['310000035'] } },
    token(maskinporten),
    'token_supplier_not_allowed',
  ],
  ['padded keys of anybody else', 'idporten', { ...byScope, jwks: paddedJwks }, token(idporten), 'token_key_unsuitable'],
  ['a token without a type by RFC 9068', 'https://issuer.example', { audience: 'https://api.example' }, token(rfc9068), 'token_typ_missing'],
  [
    'another audience',
    'https://issuer.example',
    { audience: 'https://other.example' },
    token(rfc9068, atJwt),
    'token_aud_mismatch',
  ],
  [
    'another dialog',
    'dialogporten',
    {},
    token(dialog, eddsa),
    'token_dialog_mismatch',
    { dialogId: dialogId.replace('07', '08') },
  ],
  ['too low a level for the dialog', 'dialogporten', { minimumLevel: 4 }, token(dialog, eddsa), 'token_dialog_level_too_low', { dialogId }],
  ['an action that is not had', 'dialogporten', {}, token(dialog, eddsa), 'token_dialog_action_missing', { dialogId, actions: ['sign'] }],
  [
    'a claim named __proto__',
    'idporten',
    byScope,
    token(JSON.parse(JSON.stringify(idporten).replace('{', '{"__proto__":{"admin":true},'))),
    'internal_result',
  ],
]

const misused = [
  ['nothing that binds', 'idporten', { audience: null }, 'misuse_verifier_unbound'],
  ['scopes that everybody has', 'idporten', { audience: null, requiredScope: ['openid', 'profile'] }, 'misuse_verifier_unbound'],
  ['a forgotten audience', 'idporten', { requiredScope: ['example:api'] }, 'misuse_audience_unsaid'],
  ['a misspelt option', 'idporten', { ...byScope, requiredScopes: ['example:admin'] }, 'misuse_option_unknown'],
  ['another type', 'idporten', { ...byScope, clientIds: 'client-1' }, 'misuse_options'],
  ['an unknown algorithm', 'idporten', { ...byScope, algorithms: ['HS256'] }, 'misuse_options'],
  ['representation at ID-porten', 'idporten', { ...byScope, representation: { type: 'ansattporten:orgno' } }, 'misuse_verifier_other_service'],
  ['RFC 9068 without an audience', 'https://issuer.example', byScope, 'misuse_verifier_audience_required'],
  ['an issuer without TLS', 'http://issuer.example', { audience: 'https://api.example' }, 'misuse_url_scheme'],
  ['an issuer with a query', 'https://issuer.example/?tenant=1', { audience: 'https://api.example' }, 'misuse_issuer'],
  ['keys without TLS', 'idporten', { ...byScope, jwksUri: 'http://issuer.example/jwks' }, 'misuse_url_scheme'],
  ['keys from a file', 'idporten', { ...byScope, jwksUri: 'file:///keys.json' }, 'misuse_url_scheme'],
  ['keys from no address', 'idporten', { ...byScope, jwksUri: 42 }, 'misuse_options'],
  ['keys from two places', 'idporten', { ...byScope, jwksUri: 'https://issuer.example/jwks', jwks: { keys: [] } }, 'misuse_options'],
  ['too much tolerance for dialogs', 'dialogporten', { clockToleranceSeconds: 301 }, 'misuse_clock_tolerance'],
  ['too much tolerance', 'idporten', { ...byScope, clockToleranceSeconds: 301 }, 'misuse_clock_tolerance'],
]

const idToken = {
  iss: 'https://test.ansattporten.no',
  aud: 'client-1',
  sub: 'x9WJ0s0mePairwiseSubjectValue',
  pid: '15868510045',
  acr: 'high',
  amr: ['TestID'],
  nonce: 'n-0S6_WzA2Mj',
  auth_time: NOW - 100,
  ...times,
}

/** RSA signs the same text always the same way. */
const seen = (jti) => token({ ...ansattporten, jti })

/** All that a suite needs, as JSON. */
export const data = {
  now: NOW,
  jwks,
  accepted,
  refused,
  misused,
  idToken: {
    token: token(idToken),
    wrongAudience: token({ ...idToken, aud: 'client-2' }),
    withoutNonce: token({ ...idToken, nonce: undefined }),
    wrongPid: token({ ...idToken, pid: '15868510046' }),
    realPid: token({ ...idToken, pid: '01010050053' }),
    withOrganisation: token({
      ...idToken,
      authorization_details: [
        { type: 'ansattporten:altinn:resource', resource, authorized_parties: [party('310000019', ['read'])] },
      ],
    }),
  },
  dialog: { token: token(dialog, eddsa), requirements: { dialogId } },
  // For the tests of tokens that are remembered.
  seen: {
    token: seen('seen'),
    tampered: tampered(seen('seen')),
    stranger: token(ansattporten, { kid: 'stranger' }),
    several: ['1', '2', '3'].map(seen),
    long: token({ ...ansattporten, filler: 'x'.repeat(13_000) }),
    representation: { type: 'ansattporten:altinn:resource', resource },
    actions: ['write'],
  },
  // For the tests of fetching.
  good: token(idporten),
}
