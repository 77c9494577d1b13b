// One suite of cases for the logout endpoint, run in every runtime against the installed package.

/** The longest that a tab may wait for a logout, in milliseconds. */
const IN_TIME = 2_000

/** The limits that the package has, as `docs/limits.md` tells them. */
const MAX_URL_LENGTH = 8 * 1024
const MAX_BODY_BYTES = 32 * 1024
const MAX_ENTRIES = 100_000

/**
 * Runs every case and tells what happened to each.
 *
 * @param edge `portvakt/edge`
 * @param data what `cases.mjs` made
 * @param stores the stores that the runtime has: `[name, () => store]`
 * @param serve starts a server of the runtime's own with a handler, if it has one: `{ origin, close }`
 */
export async function runEdgeSuite(edge, data, stores, serve) {
  const results = []
  for (const [name, test] of cases(edge, data, stores, serve)) {
    try {
      await test()
      results.push({ name })
    } catch (error) {
      results.push({ name, failure: `${error?.name}: ${error?.code ?? ''} ${error?.message} ${error?.stack}` })
    }
  }
  return results
}

function* cases(edge, data, stores, serve) {
  const world = worldOf(edge, data)
  yield* frontChannel(world)
  yield* everyAnswer(world)
  yield* backChannel(world)
  yield* subscriptions(world)
  yield* options(world)
  yield* memory(world)
  yield* durableObject(world)
  for (const [name, make] of [['memory', () => edge.memoryStore()], ...stores]) yield* storeCases(world, name, make)
  if (serve !== undefined) yield* served(world, serve)
}

/** An endpoint with a store in memory, and short ways to ask it. */
function worldOf(edge, data) {
  const make = (more = {}) => {
    const failures = []
    const clock = more.clock ?? (() => data.now)
    const endpoint = edge.createLogoutEndpoint({
      issuer: edge.ansattporten.test,
      store: edge.memoryStore({ clock }),
      clock,
      onFailure: (error) => failures.push(error?.code ?? error?.message),
      ...more,
    })
    const get = (query, headers = {}) => endpoint(new Request(`https://app.example/logout?${query}`, { headers }))
    const post = (body, headers = { 'content-type': 'application/x-www-form-urlencoded' }) =>
      endpoint(new Request('https://app.example/logout', { method: 'POST', headers, body }))
    return {
      endpoint,
      failures,
      get,
      post,
      logout: (sid, iss = data.issuer) => get(new URLSearchParams({ iss, sid })),
      token: (token) => post(new URLSearchParams({ logout_token: token }).toString()),
      listen: async (sid) => get(`session=${await edge.logoutSession(data.issuer, sid)}`, { accept: 'text/event-stream' }),
      isOut: async (sid, iss = data.issuer) => {
        const answer = await get(`session=${await edge.logoutSession(iss, sid)}`, { accept: 'application/json' })
        same(answer.headers.get('content-type'), 'application/json')
        return (await answer.json()).loggedOut
      },
    }
  }
  const backChannel = { clientIds: ['client-1', 'client-2'], jwks: data.jwks }
  return { edge, data, make, backChannel }
}

function* frontChannel({ edge, data, make }) {
  yield ['a logout in a frame ends the session that it names, and no other', async () => {
    const { logout, isOut } = make()
    same(await isOut('s-1'), false)
    const answer = await logout('s-1')
    same([answer.status, await answer.text()], [200, 'OK'])
    same([await isOut('s-1'), await isOut('s-2'), await isOut('S-1'), await isOut('s-1 ')], [true, false, false, false])
    same(await isOut('s-1', 'https://ansattporten.no'), false, 'of another issuer')
  }]

  yield ['a session may be called anything that a sid may be', async () => {
    const { logout, isOut } = make()
    for (const sid of ['malformed', 'unnamed', 'undefined', '__proto__', ' ', '&=?#%+', '~'.repeat(255)]) {
      same([(await logout(sid)).status, await isOut(sid)], [200, true], sid)
    }
  }]

  yield ['a session is called by a digest that does not tell its sid', async () => {
    same(await edge.logoutSession('https://op.example', 'sid'), 'G7sWaHy0gSx82y9DSqaFeqNyL4hpYWeGuRw8hzSOTao')
  }]

  yield ['one slash at the end of iss makes no difference', async () => {
    const { logout, isOut } = make()
    same((await logout('s-1', `${data.issuer}/`)).status, 200)
    same(await isOut('s-1'), true)
    const withSlash = make({ issuer: 'https://op.example/', frameAncestors: ['https://op.example'] })
    same((await withSlash.logout('s-1', 'https://op.example')).status, 200)
    same(await withSlash.isOut('s-1', 'https://op.example/'), true)
  }]

  yield ['what is not a logout is refused, and changes nothing', async () => {
    const iss = encodeURIComponent(data.issuer)
    const refused = [
      `iss=${iss}`,
      'sid=s-1',
      `iss=${iss}&sid=`,
      `iss=&sid=s-1`,
      `iss=${iss}&sid=s-1&sid=s-1`,
      `iss=${iss}&iss=${iss}&sid=s-1`,
      `iss=${iss}//&sid=s-1`,
      `iss=${iss}1&sid=s-1`,
      `iss=${iss.slice(0, -1)}&sid=s-1`,
      `iss=${iss.toUpperCase()}&sid=s-1`,
      `iss=${encodeURIComponent('https://ansattporten.no')}&sid=s-1`,
      `iss=${encodeURIComponent(iss)}&sid=s-1`,
      `iss=${iss}&sid=s-1%00`,
      `iss=${iss}&sid=s-1%0a`,
      `iss=${iss}&sid=%ff`,
      `iss=${iss}&sid=%C3%B8`,
      `iss=${iss}&sid=${'s'.repeat(256)}`,
      `iss=${iss}&sid=s-1&session=${'A'.repeat(43)}`,
    ]
    const { get, isOut } = make()
    for (const query of refused) {
      const answer = await get(query)
      same([answer.status, await answer.text()], [400, ''], query)
      same(await isOut('s-1'), false, query)
    }
    same((await get(`iss=${iss}&sid=s-1&locale=nb`)).status, 200, 'what the address had before')
    same((await get(`iss=${iss}&sid=${'s'.repeat(255)}`)).status, 200)
  }]

  yield ['without iss and sid nothing is changed', async () => {
    const revoked = []
    const store = { revoke: async (...told) => void revoked.push(told), isRevoked: async () => false, useOnce: async () => true }
    same((await make({ store }).get('')).status, 200)
    same(revoked, [])
  }]

  yield ['an unknown session gets the same answer as a known one, and as one that is over', async () => {
    const { logout } = make()
    const seen = []
    for (const sid of ['s-1', 's-1', 'never-heard-of']) {
      const { status, headers } = await logout(sid)
      seen.push(JSON.stringify([status, [...headers]]))
    }
    same(new Set(seen).size, 1)
  }]

  yield ['it is remembered for as long as a session can last, and five minutes', async () => {
    for (const [more, seconds] of [[{}, 7500], [{ sessionSeconds: 28_800 }, 29_100]]) {
      let now = data.now
      const { logout, isOut } = make({ ...more, clock: () => now })
      await logout('s-1')
      now = data.now + seconds - 1
      same(await isOut('s-1'), true)
      now += 1
      same(await isOut('s-1'), false)
    }
  }]
}

function* everyAnswer({ edge, data, make, backChannel }) {
  yield ['every answer is for the provider alone to frame, for nobody to keep, and sets no cookie', async () => {
    const { get, post, logout, listen, endpoint } = make({ backChannel })
    const other = (method) => endpoint(new Request('https://app.example/logout', { method }))
    const answers = [
      logout('s-1'), get(''), get('iss=x'), get('session=x'), listen('s-1'), get(`session=${'A'.repeat(43)}`),
      post('logout_token=x'), other('DELETE'), get('x'.repeat(9000)),
    ]
    for (const { status, headers } of await Promise.all(answers)) {
      same(headers.get('cache-control').split(', ')[0], 'no-store', status)
      same(
        headers.get('content-security-policy'),
        "default-src 'none'; frame-ancestors https://login.test.ansattporten.no",
        status,
      )
      same([headers.get('x-content-type-options'), headers.get('referrer-policy')], ['nosniff', 'no-referrer'], status)
      for (const name of ['set-cookie', 'access-control-allow-origin', 'x-frame-options', 'location']) {
        same(headers.get(name), null, name)
      }
    }
  }]

  yield ['the frame is that of the login host of the service', async () => {
    const framed = async (more) => (await make(more).get('')).headers.get('content-security-policy').split('; ')[1]
    const { ansattporten, idporten } = edge
    same(await framed({ issuer: ansattporten.prod }), 'frame-ancestors https://login.ansattporten.no')
    same(await framed({ issuer: idporten.prod }), 'frame-ancestors https://login.idporten.no')
    same(await framed({ issuer: idporten.test }), 'frame-ancestors https://login.test.idporten.no')
    const local = { issuer: idporten.local('http://127.0.0.1:8103'), frameAncestors: ['http://127.0.0.1:8104'] }
    same(await framed(local), 'frame-ancestors http://127.0.0.1:8104')
    const others = { issuer: 'https://op.example', frameAncestors: ['https://a.example', 'https://b.example:8443'] }
    same(await framed(others), 'frame-ancestors https://a.example https://b.example:8443')
  }]

  yield ['other methods are refused, and POST where nobody listens', async () => {
    const allowed = async (method, more) => {
      const answer = await make(more).endpoint(new Request('https://app.example/logout', { method }))
      return [answer.status, answer.headers.get('allow')]
    }
    for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      same(await allowed(method, { backChannel }), [405, 'GET, POST'], method)
    }
    same(await allowed('POST', {}), [405, 'GET'])
  }]

  yield ['an address that is too long is not looked at', async () => {
    const { get, logout, isOut } = make()
    const iss = encodeURIComponent(data.issuer)
    same((await get(`iss=${iss}&sid=s-1&more=${'x'.repeat(8192)}`)).status, 414)
    const of = (length) => {
      const query = `iss=${iss}&sid=s-1&more=`
      return query.padEnd(length - 'https://app.example/logout?'.length, 'x')
    }
    same((await get(of(MAX_URL_LENGTH + 1))).status, 414)
    same(await isOut('s-1'), false)
    same((await get(of(MAX_URL_LENGTH))).status, 200)
    same(await isOut('s-1'), true)
    same((await logout('s-1')).status, 200)
  }]

  yield ['a store that fails is told of, and nothing is thrown', async () => {
    const down = () => Promise.reject(new Error('down'))
    const { failures, logout, get, listen, token } = make({
      backChannel,
      store: { revoke: down, isRevoked: down, useOnce: down },
    })
    same((await logout('s-1')).status, 503)
    same((await get(`session=${'A'.repeat(43)}`)).status, 503)
    same((await token(data.good.tokens[0])).status, 400)
    same(await (await listen('s-1')).text(), 'retry: 1000\n\n', 'the browser comes back')
    same(failures, ['down', 'down', 'down', 'down'])
  }]
}

function* backChannel({ edge, data, make, backChannel }) {
  yield ['a posted logout ends the session that it names', async () => {
    const { token, isOut, failures } = make({ backChannel })
    const answer = await token(data.good.tokens[0])
    same([answer.status, await answer.text(), failures], [200, '', []])
    same([await isOut(data.good.sid), await isOut('15868510045')], [true, false])
  }]

  yield ['a logout token is good for one logout, whoever brings it how often at a time', async () => {
    const { token, failures } = make({ backChannel })
    const answers = await Promise.all(Array.from({ length: 20 }, () => token(data.good.tokens[1])))
    same(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(400)])
    same([failures.length, [...new Set(failures)]], [19, ['token_replayed']])
    same((await token(data.good.tokens[2])).status, 200, 'another token for the same session')
  }]

  for (const [name, text, code] of data.refused) {
    yield [`refused: ${name}`, async () => {
      const { token, failures, isOut } = make({ backChannel })
      const answer = await token(text)
      same([answer.status, await answer.json(), failures], [400, { error: 'invalid_request' }, [code]])
      same(await isOut(data.good.sid), false)
    }]
  }

  yield ['a form has one logout token, is no larger than one, and says that it is a form', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const good = `logout_token=${data.good.tokens[3]}`
    const refused = [
      ['', form, 'request_logout_malformed'],
      [`${good}&${good}`, form, 'request_logout_malformed'],
      [`x${good}`, form, 'request_logout_malformed'],
      [good, { 'content-type': 'text/plain' }, 'request_logout_malformed'],
      [good, { 'content-type': 'application/json' }, 'request_logout_malformed'],
      [`${good}&more=${'x'.repeat(32 * 1024)}`, form, 'transport_too_large'],
      [`${good}&more=`.padEnd(MAX_BODY_BYTES + 1, 'x'), form, 'transport_too_large'],
    ]
    const { post, failures, isOut } = make({ backChannel })
    for (const [body, headers, code] of refused) {
      same((await post(body, headers)).status, 400, code)
      same(failures.pop(), code)
    }
    same(await isOut(data.good.sid), false)
    const type = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' }
    same((await post(`more=1&${good}`, type)).status, 200, 'other parameters may come along')
    const largest = make({ backChannel })
    same((await largest.post(`${good}&more=`.padEnd(MAX_BODY_BYTES, 'x'), form)).status, 200)
    same(await largest.isOut(data.good.sid), true)
  }]

  yield ['clients and algorithms are those of the options', async () => {
    const only = (more) => make({ backChannel: { ...backChannel, ...more } })
    same((await only({}).token(data.ofOtherClient)).status, 200)
    same((await only({ clientIds: ['client-1'] }).token(data.ofOtherClient)).status, 400)
    same((await only({ algorithms: ['ES256'] }).token(data.byEs256)).status, 200)
    same((await only({ algorithms: ['ES256'] }).token(data.good.tokens[4])).status, 400)
  }]

  yield ['keys are fetched when the first logout comes, once for all, and again for a new key', async () => {
    const asked = []
    let keys = { keys: [] }
    let now = data.now
    const fetch = async (url) => {
      asked.push(new URL(url).pathname)
      if (keys === undefined) throw new TypeError('down')
      return Response.json(url.endsWith('/jwks') ? keys : { issuer: data.issuer, jwks_uri: `${data.issuer}/jwks` })
    }
    const { token, failures, logout } = make({ clock: () => now, backChannel: { clientIds: ['client-1'], fetch } })
    await logout('s-1')
    same(asked, [])
    const many = Array.from({ length: 20 }, () => token(data.good.tokens[5]))
    same([...new Set((await Promise.all(many)).map(({ status }) => status))], [400])
    same([...new Set(failures)], ['token_key_unknown'])
    same(asked, ['/.well-known/openid-configuration', '/jwks'])
    keys = data.jwks
    now += 60
    same((await token(data.good.tokens[5])).status, 200)
    same(asked.length, 3)
    keys = undefined
    same((await token(data.good.tokens[6])).status, 200, 'the keys are known')
    const down = make({ backChannel: { clientIds: ['client-1'], fetch: () => Promise.reject(new TypeError('down')) } })
    same((await down.token(data.good.tokens[6])).status, 400)
    same(down.failures, ['transport_unreachable'])
  }]
}

function* subscriptions({ edge, data, make }) {
  yield ['a session is asked for by its name alone', async () => {
    const { get } = make()
    const name = 'A'.repeat(43)
    for (const query of ['session=', 'session=x', `session=${name}A`, `session=${name.slice(1)}%2B`, `session=${name}&session=${name}`]) {
      for (const accept of ['application/json', 'text/event-stream']) {
        same((await get(query, { accept })).status, 400, query)
      }
    }
    const answer = await get(`session=${name}`)
    same([answer.status, await answer.json()], [200, { loggedOut: false }])
    same(answer.headers.get('cross-origin-resource-policy'), 'same-origin')
  }]

  yield ['who listens is told in under two seconds, and then the stream ends', async () => {
    const { listen, logout } = make()
    const answer = await listen('s-1')
    same([answer.status, answer.headers.get('content-type')], [200, 'text/event-stream'])
    same(answer.headers.get('cross-origin-resource-policy'), 'same-origin')
    const heard = events(answer)
    same(await heard.next(), 'retry: 1000')
    await logout('s-1')
    await inTime(heard.next(), 'event: logout\ndata: {}')
    same(await heard.next(), undefined)
  }]

  yield ['a store that says nothing about it is asked often enough', async () => {
    const { revoke, isRevoked, useOnce } = edge.memoryStore({ clock: () => data.now })
    let asked = 0
    const counted = (session) => {
      asked += 1
      return isRevoked(session)
    }
    const { listen, logout } = make({ store: { revoke, isRevoked: counted, useOnce } })
    const tab = events(await listen('s-1'))
    same(await tab.next(), 'retry: 1000')
    await logout('s-1')
    await inTime(tab.next(), 'event: logout\ndata: {}')
    if (asked > 3) throw new Error(`and not ${asked} times`)
  }]

  yield ['who begins to listen afterwards is told at once', async () => {
    const { listen, logout } = make()
    await logout('s-1')
    same(await (await listen('s-1')).text(), 'retry: 1000\n\nevent: logout\ndata: {}\n\n')
  }]

  yield ['three tabs are told, and a tab of another session is not', async () => {
    const { listen, logout } = make()
    const tabs = (await Promise.all(['s-1', 's-1', 's-1', 's-2'].map(listen))).map(events)
    for (const tab of tabs) await tab.next()
    const other = tabs.pop()
    let isTold = false
    const told = other.next().finally(() => (isTold = true))
    await logout('s-1')
    await Promise.all(tabs.map((tab) => inTime(tab.next(), 'event: logout\ndata: {}')))
    // By when somebody who came later has heard of it too, it would have been told.
    await (await listen('s-1')).text()
    same(isTold, false)
    await logout('s-2')
    await inTime(told, 'event: logout\ndata: {}')
  }]

  yield ['a thousand tabs are told', async () => {
    const { listen, logout } = make()
    const tabs = (await Promise.all(Array.from({ length: 1000 }, () => listen('s-1')))).map(events)
    await Promise.all(tabs.map((tab) => tab.next()))
    await logout('s-1')
    await Promise.all(tabs.map((tab) => inTime(tab.next(), 'event: logout\ndata: {}')))
  }]

  yield ['there are no more streams than there may be, and one that is left makes room', async () => {
    const { listen, isOut } = make({ maxStreams: 2 })
    const [first, second] = [events(await listen('s-1')), events(await listen('s-1'))]
    const refused = await listen('s-1')
    same([refused.status, refused.headers.get('retry-after')], [503, '10'])
    same(await isOut('s-1'), false, 'who cannot listen can ask')
    await first.cancel()
    const third = events(await listen('s-2'))
    same((await listen('s-2')).status, 503)
    await Promise.all([second.cancel(), third.cancel()])
  }]

  yield ['a stream is never silent for as long as servers allow, and ends before they cut it off', async () => {
    const asked = []
    const store = {
      ...edge.memoryStore(),
      async waitUntilRevoked(_session, milliseconds) {
        asked.push(milliseconds)
        return false
      },
    }
    const { listen } = make({ store, maxStreams: 1 })
    const systemNow = Date.now
    let passed = 0
    try {
      Date.now = () => systemNow() + passed
      const heard = events(await listen('s-1'))
      same(await heard.next(), 'retry: 1000')
      for (let index = 0; index < 10; index += 1) same(await heard.next(), ': keep-alive')
      same(Math.max(...asked), 8000)
      passed = 240_000
      const last = []
      for (let line = await heard.next(); line !== undefined; line = await heard.next()) last.push(line)
      same([...new Set(last)], [': keep-alive'])
      same((await listen('s-1')).status, 200, 'and makes room')
      passed += 500_000
      same((await listen('s-1')).status, 200, 'as does one whose browser went without a word')
    } finally {
      Date.now = systemNow
    }
  }]

  yield ['a thousand logouts at once are all remembered', async () => {
    const { logout, isOut } = make()
    const sids = Array.from({ length: 1000 }, (_, index) => `s-${index}`)
    await Promise.all(sids.map((sid) => logout(sid)))
    same(new Set(await Promise.all(sids.map((sid) => isOut(sid)))), new Set([true]))
  }]
}

function* options({ edge, make, backChannel }) {
  const { ansattporten, memoryStore } = edge
  const codeOf = (work) => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof edge.PortvaktError)) throw error
      return error.code
    }
    return 'accepted'
  }
  const misused = [
    ['a misspelt option', { backchannel: {} }, 'misuse_option_unknown'],
    ['no store', { store: undefined }, 'misuse_logout_store'],
    ['a store that lacks something', { store: { ...memoryStore(), useOnce: undefined } }, 'misuse_logout_store'],
    ['an issuer without TLS', { issuer: 'http://op.example', frameAncestors: ['https://op.example'] }, 'misuse_logout_issuer'],
    ['no issuer', { issuer: '', frameAncestors: ['https://op.example'] }, 'misuse_logout_issuer'],
    ['a service that nobody signs out of', { issuer: { ...ansattporten.prod, service: 'maskinporten' } }, 'misuse_logout_issuer'],
    ['an unknown login host', { issuer: 'https://op.example' }, 'misuse_frame_ancestors'],
    ['the login host of a simulator', { issuer: ansattporten.local('http://127.0.0.1:8101') }, 'misuse_frame_ancestors'],
    ['no frame', { frameAncestors: [] }, 'misuse_frame_ancestors'],
    ['any frame', { frameAncestors: ['*'] }, 'misuse_frame_ancestors'],
    ['many frames', { frameAncestors: ['https://*.example'] }, 'misuse_frame_ancestors'],
    ['a frame with a path', { frameAncestors: ['https://op.example/'] }, 'misuse_frame_ancestors'],
    ['a frame and a header', { frameAncestors: ['https://op.example; script-src *'] }, 'misuse_frame_ancestors'],
    ['less than a session', { sessionSeconds: 7199 }, 'misuse_logout_limits'],
    ['more than a week', { sessionSeconds: 604_801 }, 'misuse_logout_limits'],
    ['half a second', { sessionSeconds: 7200.5 }, 'misuse_logout_limits'],
    ['no streams', { maxStreams: 0 }, 'misuse_logout_limits'],
    ['more streams than there can be', { maxStreams: 1_000_001 }, 'misuse_logout_limits'],
    ['no clients', { backChannel: { clientIds: [] } }, 'misuse_back_channel'],
    ['a client in place of clients', { backChannel: { clientIds: 'client-1' } }, 'misuse_back_channel'],
    ['a client without a name', { backChannel: { clientIds: [''] } }, 'misuse_back_channel'],
    ['an unknown algorithm', { backChannel: { ...backChannel, algorithms: ['HS256'] } }, 'misuse_back_channel'],
    ['no algorithm', { backChannel: { ...backChannel, algorithms: [] } }, 'misuse_back_channel'],
    ['too much tolerance', { backChannel: { ...backChannel, clockToleranceSeconds: 301 } }, 'misuse_back_channel'],
    ['keys from two places', { backChannel: { ...backChannel, jwksUri: 'https://op.example/jwks' } }, 'misuse_back_channel'],
    ['keys without TLS', { backChannel: { clientIds: ['a'], jwksUri: 'http://op.example/jwks' } }, 'misuse_back_channel'],
    ['a misspelt option of the back channel', { backChannel: { ...backChannel, audience: 'a' } }, 'misuse_option_unknown'],
  ]
  for (const [name, more, code] of misused) {
    yield [`misused: ${name}`, () => same(codeOf(() => make(more)), code)]
  }
  yield ['the limits of the options may be asked for', () => {
    for (const more of [{ sessionSeconds: 604_800 }, { maxStreams: 1_000_000 }]) same(codeOf(() => make(more)), 'accepted')
  }]
  yield ['misused: a memory that holds nothing', () => {
    same(codeOf(() => memoryStore({ maxEntries: 0 })), 'misuse_logout_limits')
    same(codeOf(() => memoryStore({ size: 1 })), 'misuse_option_unknown')
  }]
  yield ['misused: an option that a store does not have', () => {
    same(codeOf(() => edge.workersKvStore({}, { prefx: 'a' })), 'misuse_option_unknown')
    same(codeOf(() => edge.denoKvStore({}, { prefx: 'a' })), 'misuse_option_unknown')
    same(codeOf(() => edge.redisStore(async () => null, { prefx: 'a' })), 'misuse_option_unknown')
  }]
}

function* memory({ edge, data }) {
  yield ['memory holds as much as it may, and forgets the oldest first', async () => {
    const store = edge.memoryStore({ maxEntries: 100, clock: () => data.now })
    await Promise.all(Array.from({ length: 10_000 }, (_, index) => store.revoke(`s-${index}`, data.now + 7500)))
    const held = []
    for (let index = 0; index < 10_000; index += 1) if (await store.isRevoked(`s-${index}`)) held.push(index)
    same([held.length, held[0], held.at(-1)], [100, 9900, 9999])
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => store.useOnce(`t-${index}`, data.now + 300)))
    same([await store.useOnce('t-0', data.now + 300), await store.useOnce('t-999', data.now + 300)], [true, false])
    same(await store.isRevoked('s-9999'), true, 'tokens do not drive sessions out')
  }]

  yield ['memory that is not told how much it may hold remembers a hundred thousand sessions', async () => {
    const store = edge.memoryStore({ clock: () => data.now })
    const revoke = (index) => store.revoke(`s-${index}`, data.now + 7500)
    for (let index = 0; index < MAX_ENTRIES; index += 1) await revoke(index)
    same(await store.isRevoked('s-0'), true)
    await revoke(MAX_ENTRIES)
    same([await store.isRevoked('s-0'), await store.isRevoked('s-1')], [false, true])
  }]

  yield ['memory forgets what has expired', async () => {
    let now = data.now
    const store = edge.memoryStore({ clock: () => now })
    await store.revoke('s-1', data.now + 10)
    same(await store.useOnce('t-1', data.now + 10), true)
    now += 10
    same([await store.isRevoked('s-1'), await store.useOnce('t-1', now + 10)], [false, true])
  }]
}

/** The Durable Object by itself, with a storage whose alarm the test rings. */
function* durableObject({ edge }) {
  const storage = () => {
    const held = new Map()
    return {
      held,
      get: async (key) => held.get(key),
      put: async (key, value) => void held.set(key, value),
      setAlarm: async (time) => void held.set('alarm', time),
      deleteAll: async () => held.clear(),
    }
  }
  const ask = async (object, path, method = 'GET') => {
    const answer = await object.fetch(new Request(`https://portvakt.invalid/${path}`, { method }))
    return [answer.status, await answer.text()]
  }

  yield ['a Durable Object forgets in time, and not before', async () => {
    const held = storage()
    const object = new edge.LogoutSessions({ storage: held })
    const expiresAt = Math.floor(Date.now() / 1000) + 600
    same(await ask(object, `put?expiresAt=${expiresAt}`, 'POST'), [200, 'true'])
    same(held.held.get('alarm'), expiresAt * 1000)
    await object.alarm()
    same(await ask(object, 'wait?milliseconds=0'), [200, 'true'], 'it rang too early')
    const systemNow = Date.now
    try {
      Date.now = () => systemNow() + 601_000
      same(await ask(object, 'wait?milliseconds=0'), [200, 'false'])
      await object.alarm()
    } finally {
      Date.now = systemNow
    }
    same(held.held.size, 0)
  }]

  yield ['a Durable Object answers its store alone, and the store says if it does not', async () => {
    const object = new edge.LogoutSessions({ storage: storage() })
    for (const [path, method] of [['', 'GET'], ['put?expiresAt=1', 'GET'], ['wait?milliseconds=0', 'POST']]) {
      same((await ask(object, path, method))[0], 404, path)
    }
    const down = { idFromName: (name) => name, get: () => ({ fetch: async () => new Response('', { status: 500 }) }) }
    const failed = await edge.durableObjectStore(down).isRevoked('s').then(() => 'nothing', ({ message }) => message)
    same(failed, 'the Durable Object answered with status 500')
  }]
}

/** What holds of every store, with the runtime's own clock. */
function* storeCases({ edge, data, make, backChannel }, name, makeStore) {
  const now = () => Math.floor(Date.now() / 1000)
  const unique = () => crypto.randomUUID()

  yield [`${name}: a session is remembered until it expires`, async () => {
    const store = makeStore()
    const [session, over] = [unique(), unique()]
    same(await store.isRevoked(session), false)
    await store.revoke(session, now() + 600)
    await store.revoke(session, now() + 600)
    await store.revoke(over, now() - 1)
    same([await store.isRevoked(session), await store.isRevoked(over), await store.isRevoked(unique())], [true, false, false])
  }]

  yield [`${name}: a token is used once`, async () => {
    const store = makeStore()
    const token = unique()
    same([await store.useOnce(token, now() + 600), await store.useOnce(token, now() + 600)], [true, false])
    same(await store.isRevoked(token), false, 'a token is no session')
  }]

  if (!name.startsWith('Workers KV')) {
    yield [`${name}: of many who use a token at once one is the first`, async () => {
      const store = makeStore()
      const token = unique()
      const used = await Promise.all(Array.from({ length: 20 }, () => store.useOnce(token, now() + 600)))
      same(used.filter((isFirst) => isFirst).length, 1)
    }]

    yield [`${name}: a logout at one instance is heard at another in under two seconds`, async () => {
      const store = makeStore()
      const [there, here] = [make({ store, clock: now, backChannel }), make({ store, clock: now })]
      const sid = unique()
      const tab = events(await here.listen(sid))
      const other = events(await here.listen(unique()))
      same(await tab.next(), 'retry: 1000')
      same(await other.next(), 'retry: 1000')
      // By now the first question has been answered.
      await new Promise((resolve) => setTimeout(resolve, 100))
      same((await there.logout(sid)).status, 200)
      await inTime(tab.next(), 'event: logout\ndata: {}')
      same([await here.isOut(sid), await there.isOut(sid)], [true, true])
      await other.cancel()
    }]
  }

  yield [`${name}: a posted logout is taken once`, async () => {
    const { token, isOut, failures } = make({ store: makeStore(), clock: now, backChannel })
    same([(await token(data.good.tokens[7])).status, (await token(data.good.tokens[7])).status], [200, 400])
    same([await isOut(data.good.sid), failures], [true, ['token_replayed']])
  }]
}

/** Over the network, by the runtime's own server. */
function* served({ edge, data, make }, serve) {
  yield ['over the network, a tab is told in under two seconds, and one that goes makes room', async () => {
    const { endpoint } = make({ maxStreams: 1, clock: () => Math.floor(Date.now() / 1000), store: edge.memoryStore() })
    const { origin, close } = await serve(endpoint)
    try {
      const session = await edge.logoutSession(data.issuer, 's-1')
      const listen = () => fetch(`${origin}/logout?session=${session}`, { headers: { accept: 'text/event-stream' } })
      const gone = new AbortController()
      const first = await fetch(`${origin}/logout?session=${session}`, { headers: { accept: 'text/event-stream' }, signal: gone.signal })
      const lines = events(first)
      same(await lines.next(), 'retry: 1000')
      const refused = await listen()
      same(refused.status, 503)
      await refused.text()
      gone.abort()
      await lines.next().catch(() => {})
      let second = await listen()
      for (const until = Date.now() + 15_000; second.status === 503 && Date.now() < until; second = await listen()) {
        await second.text()
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      same(second.status, 200, 'there is room again')
      const tab = events(second)
      same(await tab.next(), 'retry: 1000')
      const query = new URLSearchParams({ iss: data.issuer, sid: 's-1' })
      same(await (await fetch(`${origin}/logout?${query}`)).text(), 'OK')
      await inTime(tab.next(), 'event: logout\ndata: {}')
      same(await tab.next(), undefined)
    } finally {
      await close()
    }
  }]
}

/** The blocks of an event stream, one after the other; `undefined` at its end. */
export function events(response) {
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  return {
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const block = text.slice(0, end)
          text = text.slice(end + 2)
          return block
        }
        const { done, value } = await reader.read()
        if (done) return undefined
        text += decoder.decode(value, { stream: true })
      }
    },
    cancel: () => reader.cancel(),
  }
}

/** The answer is this, and it comes in time. */
export async function inTime(answer, expected) {
  const began = Date.now()
  const late = new Promise((resolve) => setTimeout(resolve, IN_TIME, 'nothing in two seconds'))
  same(await Promise.race([answer, late]), expected)
  const passed = Date.now() - began
  if (passed >= IN_TIME) throw new Error(`it took ${passed} ms`)
}

export function same(actual, expected, what = '') {
  const [left, right] = [plain(actual), plain(expected)]
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`)
}

function plain(value) {
  return JSON.stringify(value instanceof Set ? [...value] : value) ?? 'undefined'
}
