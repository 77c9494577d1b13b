// One suite of cases, run in every runtime against the installed package.

/**
 * Runs every case and tells what happened to each.
 *
 * @param verify `portvakt/verify`
 * @param login `portvakt`
 * @param data what `cases.mjs` made
 */
export async function runSuite(verify, login, data) {
  const results = []
  for (const [name, test] of tests(verify, login, data)) {
    try {
      await test()
      results.push({ name })
    } catch (error) {
      results.push({ name, failure: `${error?.name}: ${error?.code ?? ''} ${error?.message}` })
    }
  }
  return results
}

function* tests({ createVerifier, verifyIdToken, toResponse, PortvaktError, preload, ...presets }, login, data) {
  const clock = () => data.now
  const issuer = (name) => presets[name]?.test ?? name
  const verifier = (name, options) => createVerifier({ issuer: issuer(name), ...(options.jwksUri === undefined && { jwks: data.jwks }), clock, ...options })
  const byScope = { audience: null, requiredScope: ['example:api'] }

  const code = async (work) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof PortvaktError)) throw error
      return error.code
    }
    return 'accepted'
  }

  yield ['the modules are compiled before they are needed', () => (preload(), login.preload())]

  for (const [name, service, options, token, expected, requirements] of data.accepted) {
    yield [`accepted: ${name}`, async () => {
      const checker = verifier(service, options)
      const verified = await checker.verify(token, requirements)
      for (const [member, value] of Object.entries(expected)) same(verified[member], value, member)
      same(checker.verifySync(token, options.jwks ?? data.jwks, requirements), verified, 'verifySync')
      same(typeof verified.claims.iss, 'string', 'claims')
    }]
  }
  for (const [name, service, options, token, expected, requirements] of data.refused) {
    yield [`refused: ${name}`, async () => {
      const checker = verifier(service, options)
      same(await code(() => checker.verify(token, requirements)), expected, 'verify')
      same(await code(() => checker.verifySync(token, undefined, requirements)), expected, 'verifySync')
    }]
  }
  yield ['tokens that come together are judged as each of them alone', async () => {
    const all = [
      ...data.accepted.map(([name, service, options, token, , requirements]) => [name, service, options, token, 'accepted', requirements]),
      ...data.refused,
    ].map(([name, service, options, token, expected, requirements]) => [name, verifier(service, options), token, expected, requirements])
    // In some runtimes who answers for a signature depends on how many came before.
    for (let turn = 0; turn < 8; turn += 1) {
      all.push(all.shift())
      const said = await Promise.all(all.map(([, checker, token, , requirements]) => code(() => checker.verify(token, requirements))))
      for (const [place, [name, , , expected]] of all.entries()) same(said[place], expected, name)
    }
  }]
  for (const [name, service, options, expected] of data.misused) {
    yield [`misused: ${name}`, async () => same(await code(() => verifier(service, options)), expected)]
  }

  yield ['a dialog token is good in its time only', async () => {
    const { token, requirements } = data.dialog
    const at = (time) => createVerifier({ issuer: presets.dialogporten.test, jwks: data.jwks, clock: () => time })
    same(at(data.now).verifySync(token, undefined, requirements).level, 3)
    same(await code(() => at(data.now + 3600).verify(token, requirements)), 'token_expired')
    same(await code(() => at(data.now - 3600).verify(token, requirements)), 'token_not_yet_valid')
  }]

  yield ['a clock in milliseconds is noticed', async () => {
    const checker = verifier('idporten', { ...byScope, clock: () => data.now * 1000 })
    same(await code(() => checker.verify(data.good)), 'misuse_clock')
  }]

  yield ['an error says what, whose fault, and by which rule', async () => {
    try {
      verifier('idporten', byScope).verifySync(`${data.good.slice(0, -8)}AAAAAAAA`)
    } catch (error) {
      same([error.name, error.code, error.fault, error.rule], ['PortvaktError', 'token_signature_invalid', 'token', 'RFC 7515 §5.2'])
      return
    }
    throw new Error('accepted')
  }]

  yield ['a request carries its token in one header and nowhere else', async () => {
    const checker = verifier('idporten', byScope)
    const verifyRequest = (authorization) => {
      const headers = authorization === undefined ? {} : { authorization }
      return code(() => checker.verifyRequest(new Request('https://api.example/?access_token=x', { headers })))
    }
    same(await verifyRequest(`Bearer ${data.good}`), 'accepted')
    same(await verifyRequest(`bearer  ${data.good}`), 'accepted')
    same(await verifyRequest(undefined), 'request_token_missing')
    for (const wrong of ['Bearer', data.good, `DPoP ${data.good}`, `Bearer ${data.good}, Bearer ${data.good}`, `Bearer a b`]) {
      same(await verifyRequest(wrong), 'request_authorization_malformed', wrong.slice(0, 10))
    }
  }]

  yield ['an answer has the challenge of RFC 6750', async () => {
    const answer = async (work) => {
      try {
        await work()
      } catch (error) {
        const response = toResponse(error)
        const challenge = response.headers.get('www-authenticate')
        return [response.status, challenge === null ? null : (/error="(\w+)"/.exec(challenge)?.[1] ?? challenge)]
      }
    }
    const request = (headers) => new Request('https://api.example/', { headers })
    const checker = verifier('idporten', byScope)
    same(await answer(() => checker.verifyRequest(request({}))), [401, 'Bearer'])
    same(await answer(() => checker.verifyRequest(request({ authorization: 'Basic x' }))), [400, 'invalid_request'])
    same(await answer(() => checker.verify('x')), [401, 'invalid_token'])
    const reading = verifier('idporten', { audience: null, requiredScope: ['other:api'] })
    same(await answer(() => reading.verify(data.good)), [403, 'insufficient_scope'])
    const strict = verifier('idporten', { ...byScope, acrValues: ['idporten-loa-high'] })
    same(await answer(() => strict.verify(data.good)), [401, 'insufficient_user_authentication'])
    const alone = verifier('idporten', { ...byScope, jwks: undefined, fetch: () => Promise.reject(new TypeError('down')) })
    same(await answer(() => alone.verify(data.good)), [503, null])
    same(await answer(() => verifier('idporten', { audience: null })), [500, null])
  }]

  yield ['an id_token is judged as in a login', async () => {
    const options = { issuer: presets.ansattporten.test, clientId: 'client-1', nonce: 'n-0S6_WzA2Mj', jwks: data.jwks, clock }
    const verified = verifyIdToken(data.idToken.token, { ...options, acrValues: ['substantial'], maxAgeSeconds: 300 })
    same([verified.acr, verified.amr, verified.authTime], ['high', ['TestID'], data.now - 100])
    same(verified.checks.slice(0, 5), ['signature', 'algorithm', 'typ', 'iss', 'aud'])
    const judged = (token, more) => code(() => verifyIdToken(token, { ...options, ...more }))
    same(await judged(data.idToken.wrongAudience), 'token_aud_mismatch')
    same(await judged(data.idToken.token, { nonce: 'other' }), 'token_nonce_mismatch')
    same(await judged(data.idToken.withoutNonce), 'token_nonce_missing')
    same(await judged(data.idToken.withoutNonce, { nonce: null }), 'accepted')
    same(await judged(data.idToken.token, { nonce: undefined }), 'misuse_nonce_unsaid')
    same(await judged(data.idToken.token, { acrValues: ['entraid'] }), 'token_acr_not_acceptable')
    same(await judged(data.idToken.token, { maxAgeSeconds: 10 }), 'token_auth_time_too_old')
    same(await judged('x'), 'token_malformed')
    same([verified.pid, verified.level, verified.representation], ['15868510045', 'high', undefined])
    same(await judged(data.idToken.wrongPid), 'claims_pid')
    same(await judged(data.idToken.realPid), 'claims_pid_not_synthetic')
    same(await judged(data.idToken.withOrganisation), 'representation_not_asked_for')
    const onBehalfOf = { resource: 'urn:altinn:resource:demo-post' }
    same(verifyIdToken(data.idToken.withOrganisation, { ...options, onBehalfOf }).representation.kind, 'organisations')
    same(await judged(data.idToken.token, { onBehalfOf }), 'representation_missing')
    same(await judged(data.idToken.token, { onBehalfOf: { resources: [] } }), 'misuse_rar_resources')
  }]

  yield* fetching({ createVerifier, presets, data, code, byScope })
  yield* remembering({ createVerifier, presets, data, code, byScope })
  yield ['signing in needs a window', async () => {
    if (typeof window !== 'undefined') return
    const options = { issuer: login.ansattporten.test, clientId: 'client-1', redirectUri: '/callback' }
    same(await code(() => login.createAuth(options)), 'environment_no_window')
  }]
}

/** How keys are come by: an issuer that counts what it is asked, and a clock that the test moves. */
function* fetching({ createVerifier, presets, data, code, byScope }) {
  const world = (answers = {}) => {
    const asked = []
    const state = { now: data.now, asked, answers }
    const fetch = async (url, init) => {
      asked.push(url.slice('https://test.idporten.no'.length))
      same(init.redirect, 'manual')
      if (state.answers.hold) await state.answers.hold
      if (url.endsWith('/openid-configuration')) {
        return (state.answers.metadata ?? (() => Response.json({
          issuer: 'https://test.idporten.no',
          jwks_uri: 'https://test.idporten.no/jwks.json',
        })))()
      }
      return (state.answers.jwks ?? (() => Response.json(data.jwks)))()
    }
    const options = { issuer: presets.idporten.test, ...byScope, fetch, clock: () => state.now }
    return Object.assign(state, { verifier: createVerifier(options), options })
  }
  const both = ['/.well-known/openid-configuration', '/jwks.json']
  // A token as good as the other, but for the key that it names.
  const stranger = (kid) => {
    const [, claims, signature] = data.good.split('.')
    return `${btoa(JSON.stringify({ alg: 'RS256', kid })).replace(/=+$/, '')}.${claims}.${signature}`
  }
  const down = () => Promise.reject(new TypeError('down'))

  yield ['keys are fetched once for all who wait', async () => {
    const { verifier, asked } = world()
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(data.good)))
    same(asked, both)
  }]

  yield ['a thousand unknown keys cause one fetch', async () => {
    const { verifier, asked } = world()
    const codes = await Promise.all(Array.from({ length: 1000 }, (_, index) => code(() => verifier.verify(stranger(`k${index}`)))))
    same([...new Set(codes)], ['token_key_unknown'])
    for (let index = 0; index < 100; index += 1) await code(() => verifier.verify(stranger(`later${index}`)))
    same(asked, both)
    same(await code(() => verifier.verify(data.good)), 'accepted')
  }]

  yield ['a new key is found at once, and then there is a penalty', async () => {
    const state = world({ jwks: () => Response.json({ keys: [] }) })
    same(await code(() => state.verifier.verify(data.good)), 'token_key_unknown')
    state.answers = {}
    state.now += 59
    same(await code(() => state.verifier.verify(data.good)), 'token_key_unknown', 'within the minute')
    state.now += 1
    same(await code(() => state.verifier.verify(data.good)), 'accepted', 'a minute later')
    same(state.asked, [...both, '/jwks.json'])
  }]

  yield ['keys are replaced, and not merged', async () => {
    const state = world()
    same(await code(() => state.verifier.verify(data.good)), 'accepted')
    state.answers = { jwks: () => Response.json({ keys: data.jwks.keys.slice(1) }) }
    state.now += 60
    await code(() => state.verifier.verify(stranger('new')))
    same(await code(() => state.verifier.verify(data.good)), 'token_key_unknown')
  }]

  yield ['old keys stand in while the issuer is down, up to a day', async () => {
    const state = world()
    await state.verifier.hydrate()
    state.answers = { jwks: down, metadata: down }
    state.now += 3600
    same(await code(() => state.verifier.verify(data.good)), 'token_expired')
    state.now += 23 * 3600 - 1
    same(await code(() => state.verifier.verify(data.good)), 'token_expired')
    state.now += 1
    same(await code(() => state.verifier.verify(data.good)), 'transport_unreachable')
    same(state.asked.length, 4)
  }]

  yield ['an issuer that is down is asked once a minute', async () => {
    const state = world({ metadata: down })
    for (let index = 0; index < 10; index += 1) {
      same(await code(() => state.verifier.verify(data.good)), 'transport_unreachable')
    }
    same(state.asked.length, 1)
    state.answers = {}
    state.now += 60
    same(await code(() => state.verifier.verify(data.good)), 'accepted')
  }]

  yield ['answers that are none have their codes', async () => {
    const big = () => new Response(' '.repeat(256 * 1024 + 1))
    const cases = [
      [{ metadata: () => new Response(null, { status: 302, headers: { location: 'https://other.example/' } }) }, 'transport_redirected'],
      [{ metadata: () => new Response('', { status: 500 }) }, 'misbehaved_jwks_status'],
      [{ metadata: () => new Response('<html>') }, 'misbehaved_verifier_metadata_malformed'],
      [{ metadata: () => Response.json({ issuer: 'https://idporten.no', jwks_uri: 'https://idporten.no/' }) }, 'misbehaved_verifier_metadata_issuer'],
      [{ metadata: () => Response.json({ issuer: 'https://test.idporten.no', jwks_uri: 'http://idporten.no/' }) }, 'misbehaved_verifier_metadata_jwks_uri'],
      [{ jwks: big }, 'transport_too_large'],
      [{ jwks: () => new Response('{"keys":[],"keys":[]}') }, 'token_keys_malformed'],
      [{ jwks: () => new Response(null, { status: 404 }) }, 'misbehaved_jwks_status'],
    ]
    for (const [answers, expected] of cases) {
      same(await code(() => world(answers).verifier.verify(data.good)), expected)
    }
  }]

  yield ['keys are exported, imported and used without any request', async () => {
    const first = world()
    const kept = JSON.parse(JSON.stringify(await first.verifier.exportKeys()))
    const second = world({ metadata: down })
    same(await code(() => second.verifier.verifySync(data.good)), 'misuse_no_keys')
    same(second.verifier.importKeys({ ...kept, issuer: 'https://idporten.no' }), false, 'another issuer')
    same(second.verifier.importKeys({ ...kept, jwks: '{}' }), false, 'unreadable')
    same(second.verifier.importKeys({ ...kept, fetchedAt: data.now + 1 }), false, 'from the future')
    same(second.verifier.importKeys({ ...kept, fetchedAt: data.now - 24 * 3600 }), false, 'too old')
    same(second.verifier.importKeys(kept), true)
    same(second.verifier.importKeys(kept), false, 'no newer')
    same(await code(() => second.verifier.verify(data.good)), 'accepted')
    same(await code(() => second.verifier.verifySync(data.good)), 'accepted')
    same(second.asked, [])
  }]
}

/** Tokens that are remembered: never longer than all that made them good still holds. */
function* remembering({ createVerifier, presets, data, code, byScope }) {
  const issuer = presets.ansattporten.test
  const { token, representation, actions } = data.seen
  const world = (options = {}) => {
    const state = { now: data.now, asked: 0, revoked: false }
    const fetch = async (url) => {
      if (url.endsWith('/openid-configuration')) return Response.json({ issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/jwks` })
      return Response.json(state.jwks ?? data.jwks)
    }
    const clock = () => state.now
    return Object.assign(state, { verifier: createVerifier({ issuer, ...byScope, seenTokens: 2, fetch, clock, ...options }) })
  }
  /** Whether the same object is given again: then nothing was computed anew. */
  const isRemembered = async (verifier, text = token, requirements) =>
    (await verifier.verify(text, requirements)) === (await verifier.verify(text, requirements))

  yield ['tokens are remembered only if it is asked for', async () => {
    same(await isRemembered(world().verifier), true)
    same(await isRemembered(world({ seenTokens: 0 }).verifier), false)
    same(await isRemembered(world({ seenTokens: undefined }).verifier), false)
    for (const seenTokens of [-1, 1.5, 100_001, Infinity, NaN, '10', null]) {
      same(await code(() => world({ seenTokens })), 'misuse_options', String(seenTokens))
    }
  }]

  yield ['a remembered token is what the token is', async () => {
    const { verifier } = world()
    same(await verifier.verify(token), await world({ seenTokens: 0 }).verifier.verify(token))
    same(verifier.verifySync(token), await verifier.verify(token))
  }]

  yield ['nobody changes what is remembered for others', async () => {
    const { verifier } = world()
    const expected = canonical(await verifier.verify(token))
    const changes = [
      (given) => (given.pid = '15868510126'),
      (given) => given.scope.push('example:admin'),
      (given) => (given.claims.consumer.ID = '0192:310000027'),
      (given) => given.claims.authorization_details[0].authorized_parties.pop(),
    ]
    for (const change of changes) {
      const given = await verifier.verify(token)
      try {
        change(given)
      } catch (error) {
        // Not so in scripts that are not strict.
        same(error.name, 'TypeError')
      }
      same(canonical(await verifier.verify(token)) === expected, true, String(change))
    }
  }]

  yield ['the whole token is what is remembered, its signature included', async () => {
    const { verifier } = world()
    await verifier.verify(token)
    same(await code(() => verifier.verify(data.seen.tampered)), 'token_signature_invalid')
    same(await code(() => verifier.verify(`${token}A`)), 'token_signature_invalid')
    same(await code(() => verifier.verify(token.slice(0, token.lastIndexOf('.') + 1))), 'token_signature_invalid')
    same(await code(() => verifier.verify(`${token}\n`)), 'token_malformed')
    same(await code(() => verifier.verifySync(data.seen.tampered)), 'token_signature_invalid')
  }]

  yield ['a refused token is not remembered as anything', async () => {
    const state = world()
    state.now -= 3600
    same(await code(() => state.verifier.verify(token)), 'token_iat_future')
    state.now += 3600
    same(await code(() => state.verifier.verify(token)), 'accepted')
  }]

  yield ['the clock judges a remembered token at each call', async () => {
    const state = world()
    await state.verifier.verify(token)
    state.now += 60
    same(await isRemembered(state.verifier), true, 'a second before its end')
    state.now += 1
    same(await isRemembered(state.verifier), false, 'within the tolerance it is judged anew')
    state.now += 9
    same(await code(() => state.verifier.verify(token)), 'accepted')
    state.now += 1
    same(await code(() => state.verifier.verify(token)), 'token_expired')
    same(await code(() => state.verifier.verifySync(token)), 'token_expired')
    state.now = data.now - 3600
    same(await code(() => state.verifier.verify(token)), 'token_iat_future', 'a clock that went back')
    state.now = data.now * 1000
    same(await code(() => state.verifier.verify(token)), 'misuse_clock')
    state.now = NaN
    same(await code(() => world({ jwks: data.jwks, clock: () => NaN }).verifier.verify(token)), 'misuse_clock')
  }]

  yield ['a remembered token is forgotten with the keys that it was accepted with', async () => {
    const state = world()
    await state.verifier.verify(token)
    state.jwks = { keys: data.jwks.keys.slice(1) }
    state.now += 55
    same(await code(() => state.verifier.verify(token)), 'accepted', 'the new keys are not known')
    // Somebody brings a token of a key that is not known, so that the keys are asked for again.
    state.now += 5
    await code(() => state.verifier.verify(data.seen.stranger))
    same(await code(() => state.verifier.verify(token)), 'token_key_unknown')
    same(await code(() => state.verifier.verifySync(token)), 'token_key_unknown')
  }]

  yield ['keys of one call neither use nor make memories', async () => {
    const { verifier } = world({ jwks: data.jwks })
    await verifier.verify(token)
    same(await code(() => verifier.verifySync(token, { keys: data.jwks.keys.slice(1) })), 'token_key_unknown')
    same(verifier.verifySync(token, data.jwks) === (await verifier.verify(token)), false)
  }]

  yield ['a revoked token is refused at once, remembered or not', async () => {
    const state = { is: false, asked: [] }
    const isRevoked = async ({ claims, expiresAt }) => {
      state.asked.push([claims.jti, expiresAt])
      return state.is
    }
    const { verifier } = world({ isRevoked })
    same(await isRemembered(verifier), true)
    same(state.asked, [['seen', data.now + 61], ['seen', data.now + 61]])
    state.is = true
    same(await code(() => verifier.verify(token)), 'token_revoked')
    same(await code(() => world({ isRevoked, seenTokens: 0 }).verifier.verify(token)), 'token_revoked')
    for (const answer of [undefined, null, 0, 'no']) {
      same(await code(() => world({ isRevoked: () => answer }).verifier.verify(token)), 'token_revoked', String(answer))
    }
    state.is = false
    const { verifier: sync } = world({ isRevoked, jwks: data.jwks })
    same(await code(() => sync.verifySync(token)), 'token_revoked', 'nobody waits for the promise')
    same(await code(() => world({ isRevoked: () => false, jwks: data.jwks }).verifier.verifySync(token)), 'accepted')
  }]

  yield ['what a verifier and a call require holds of a remembered token', async () => {
    const { verifier } = world({ representation: { ...representation, actions } })
    same(await isRemembered(verifier, token, { organisation: '312223333' }), true)
    same(await code(() => verifier.verify(token, { organisation: '310000019' })), 'token_representation_insufficient')
    same(await isRemembered(verifier), true)
    same(await code(() => world({ requiredScope: ['other:api'] }).verifier.verify(token)), 'token_scope_insufficient')
    same(await code(() => world({ acrValues: ['entraid'] }).verifier.verify(token)), 'token_acr_not_acceptable')
  }]

  yield ['no more tokens are remembered than were asked for, the last that were used', async () => {
    const { verifier } = world()
    const [first, second, third] = data.seen.several
    const before = await verifier.verify(first)
    const other = await verifier.verify(second)
    same((await verifier.verify(first)) === before, true)
    await verifier.verify(third)
    same((await verifier.verify(first)) === before, true, 'used after the second')
    same((await verifier.verify(second)) === other, false, 'made room for the third')
    same(await isRemembered(verifier, data.seen.long), false, 'too long to be kept')
  }]
}

function same(actual, expected, what = '') {
  const [left, right] = [canonical(actual), canonical(expected)]
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`)
}

/** JSON with the members in order. */
function canonical(value) {
  return JSON.stringify(value, (_, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
