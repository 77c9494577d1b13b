// What every example of a logout endpoint does, whatever it runs on.

import { token } from '../keys.mjs'
import { events, inTime, same } from './suite.mjs'

export const ISSUER = 'https://test.ansattporten.no'

/** A logout token for the client of the examples. */
export function logoutToken(sid) {
  const now = Math.floor(Date.now() / 1000)
  const times = { iat: now, exp: now + 300 }
  const claims = { iss: ISSUER, aud: 'my-client-id', jti: crypto.randomUUID(), sid, ...times }
  return token({ ...claims, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }, { typ: 'logout+jwt' })
}

/**
 * Asks an example: a tab listens, and hears of a logout in a frame and of a posted one.
 *
 * @param ask `fetch` with the path in place of the URL
 */
export async function checkExample(name, ask) {
  const path = '/portvakt/logout'
  const listen = async (sid) => {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${ISSUER}\n${sid}`))
    const session = Buffer.from(hash).toString('base64url')
    return events(await ask(`${path}?session=${session}`, { headers: { accept: 'text/event-stream' } }))
  }
  try {
    same((await ask('/')).status, 404)
    const [framed, posted] = [await listen('s-1'), await listen('s-2')]
    for (const tab of [framed, posted]) same(await tab.next(), 'retry: 1000')
    const answer = await ask(`${path}?${new URLSearchParams({ iss: ISSUER, sid: 's-1' })}`)
    same([answer.status, await answer.text()], [200, 'OK'])
    same(answer.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors https://login.test.ansattporten.no")
    await inTime(framed.next(), 'event: logout\ndata: {}')
    const post = (text) => ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${text}`,
    })
    const good = logoutToken('s-2')
    same((await post(good)).status, 200)
    await inTime(posted.next(), 'event: logout\ndata: {}')
    same((await post(good)).status, 400, 'a replay')
    return { name }
  } catch (error) {
    return { name, failure: String(error) }
  }
}
