// Sets of keys, as issuers publish them and as nobody should.

import { KINDS, encode, good, odd } from './keys.mjs'

const NAMES = { rsa: 'key of RSA', p256: 'key of P-256', ed25519: 'key of Ed25519' }

/** The name of the issuer's key of a kind. */
export const kidOf = (alg) => NAMES[KINDS[alg]]

/**
 * A set for tokens of one algorithm: its text, the pair that signs, the `kid` that its tokens name, and what was done to it.
 */
export function keySet(random, alg) {
  const kind = KINDS[alg]
  const draft = { alg, kind, pair: good[kind][0], kid: NAMES[kind], labels: [] }
  draft.keys = Object.keys(NAMES).map((each) => ({ ...good[each][0].jwk, kid: NAMES[each], use: 'sig' }))
  draft.at = Object.keys(NAMES).indexOf(kind)
  draft.text = () => JSON.stringify({ keys: draft.keys })
  const times = random.pick([0, 0, 1, 1, 1, 1, 2, 3])
  for (let time = 0; time < times; time += 1) {
    const [label, change] = random.pick(CHANGES)
    draft.labels.push(`set: ${label}`)
    change(draft, random)
  }
  const { pair, kid, labels } = draft
  return { alg, pair, kid, labels, text: draft.text(random) }
}

/** What stands where a text, a list or a number should. */
const JUNK = [null, true, false, 0, 1, -1, '', ' ', 'AQAB', [], {}, ['sig'], ['verify', 'verify'], 'sig', 'enc', 'SIG', 'verify', '\u0000', '__proto__']

const MEMBERS = ['kty', 'kid', 'use', 'alg', 'key_ops', 'ext', 'n', 'e', 'x', 'y', 'crv']

const CHANGES = [
  ['the key alone', (draft) => ((draft.keys = [draft.keys[draft.at]]), (draft.at = 0))],
  ['the key last', (draft) => (draft.keys.push(...draft.keys.splice(draft.at, 1)), (draft.at = draft.keys.length - 1))],
  ['the key is not there', (draft) => draft.keys.splice(draft.at, 1)],
  ['no key', (draft) => (draft.keys = [])],
  ['no name', (draft) => changed(draft, { kid: undefined })],
  ['another name', (draft, random) => changed(draft, { kid: random.pick(['other', `${draft.kid} `, draft.kid.toUpperCase(), '']) })],
  ['a name that is no text', (draft, random) => changed(draft, { kid: random.pick([null, 1, {}, [draft.kid]]) })],
  ['its algorithm said', (draft) => changed(draft, { alg: draft.alg })],
  ['another algorithm said', (draft, random) => changed(draft, { alg: random.pick(['RS256', 'PS256', 'RS512', 'ES256', 'ES384', 'EdDSA', 'Ed25519', 'HS256', 'none', 'rs256', 'RSA-OAEP']) })],
  ['for a purpose', (draft, random) => changed(draft, { use: random.pick(['sig', 'enc', 'SIG', 'sig ', '', null, ['sig']]) })],
  ['for operations', (draft, random) => changed(draft, { key_ops: random.pick([['verify'], ['sign'], ['verify', 'sign'], ['verify', 'verify'], [], 'verify', ['verify', 1], ['encrypt'], null, { 0: 'verify' }]) })],
  ['extractable or not', (draft, random) => changed(draft, { ext: random.pick([true, false, 'true', 0, null]) })],
  ['a member left out', (draft, random) => changed(draft, { [random.pick(MEMBERS)]: undefined })],
  ['a member of another kind', (draft, random) => changed(draft, { [random.pick(MEMBERS)]: random.pick(JUNK) })],
  ['with its secret', (draft) => Object.assign(draft.keys[draft.at] ?? {}, good[draft.kind][0].secret)],
  ['with part of a secret', (draft, random) => changed(draft, { [random.pick(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])]: random.pick(['AQ', '', null, 'AQAB', []]) })],
  ['with certificates', (draft, random) => changed(draft, random.pick([{ x5c: ['MIIB'] }, { x5c: 'x' }, { x5u: 'https://attacker.example/' }, { x5t: 'AQ' }, { 'x5t#S256': 1 }]))],
  ['a number otherwise written', (draft, random) => rewritten(draft, random)],
  ['a key that is odd', (draft, random) => {
    const [name, pair] = random.pick(Object.entries(odd[draft.kind]))
    draft.labels[draft.labels.length - 1] += ` (${name})`
    draft.pair = pair
    if (draft.keys[draft.at]) draft.keys[draft.at] = { ...pair.jwk, kid: draft.kid, use: 'sig' }
  }],
  ['an odd key said to be of its curve', (draft, random) => {
    const { crv } = good[draft.kind][0].jwk
    draft.pair = random.pick(Object.values(odd[draft.kind]))
    if (draft.keys[draft.at]) draft.keys[draft.at] = { ...draft.pair.jwk, crv, kid: draft.kid }
  }],
  ['odd keys beside it', (draft, random) => {
    for (const { jwk } of Object.values(odd[draft.kind])) draft.keys.push(random.chance(0.5) ? jwk : { ...jwk, kid: draft.kid })
  }],
  ['the key twice', (draft) => draft.keys.push({ ...draft.keys[draft.at] })],
  ['the key twice, once without its name', (draft) => draft.keys.push({ ...draft.keys[draft.at], kid: undefined })],
  ['another of its name', (draft) => draft.keys.push({ ...good[draft.kind][1].jwk, kid: draft.kid })],
  ['another of its name first', (draft) => (draft.keys.unshift({ ...good[draft.kind][1].jwk, kid: draft.kid }), (draft.at += 1))],
  ['another without a name', (draft) => draft.keys.push(good[draft.kind][1].jwk)],
  ['another of its name for encryption', (draft) => draft.keys.push({ ...good[draft.kind][1].jwk, kid: draft.kid, use: 'enc' })],
  ['another of its name for another algorithm', (draft, random) => draft.keys.push({ ...good[draft.kind][1].jwk, kid: draft.kid, alg: random.pick(['RS512', 'PS256', 'RS256', 'ES384', 'EdDSA', 'Ed25519']) })],
  ['a key of another kind of its name', (draft, random) => draft.keys.push({ ...good[random.pick(Object.keys(good))][1].jwk, kid: draft.kid })],
  ['a key of another kind instead', (draft, random) => (draft.keys[draft.at] = { ...good[random.pick(Object.keys(good))][1].jwk, kid: draft.kid })],
  ['a secret of its name', (draft) => draft.keys.push({ kty: 'oct', k: 'AAAA', kid: draft.kid, alg: 'HS256' })],
  ['kinds that nobody knows', (draft) => draft.keys.push({ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AQ', kid: 'pq' }, { kty: 'oct', k: 'AQ' }, { kty: 'new' }, {})],
  ['what is no key', (draft, random) => draft.keys.push(random.pick([null, 1, 'key', [], true]))],
  ['a hundred and more', (draft, random) => { for (let count = random.pick([96, 97, 98, 120]); count > 0; count -= 1) draft.keys.push({ ...good.ed25519[1].jwk, kid: `${count}` }) }],
  ['more than is read', (draft) => draft.keys.push({ kty: 'new', x5c: ['A'.repeat(256 * 1024)] })],
  ['members of objects as names', (draft, random) => changed(draft, { kid: random.pick(['__proto__', 'constructor', 'toString']) })],
  ['a set of another form', (draft, random) => {
    const one = JSON.stringify(draft.keys[draft.at] ?? {})
    const text = random.pick([`{"keys":${one}}`, `[${one}]`, one, '{}', '{"keys":null}', 'null', '[]', '""', '{"keys":{}}', `{"Keys":[${one}]}`, `{"keys":[[${one}]]}`])
    draft.text = () => text
  }],
  ['a text of another form', (draft, random) => {
    const written = draft.text
    const about = random.pick([(text) => `\ufeff${text}`, (text) => `${text} `, (text) => `\n${text}\n`, (text) => `${text}x`, (text) => `${text}{}`, (text) => text.slice(0, -1), (text) => `\u00a0${text}`, (text) => text.replace('"keys"', '"keys":[],"keys"'), (text) => text.replace('"keys"', '"k\\u0065ys"'), (text) => text.replace('"use":"sig"', '"use":"enc","use":"sig"'), (text) => text.replace('{"keys"', '{"a":1e400,"keys"'), (text) => text.replace('{"keys"', '{"a":"\\ud800","keys"'), (text) => text.replace('{"keys"', `{"a":${'['.repeat(200)}${']'.repeat(200)},"keys"`), (text) => text.replaceAll(',', ' , ').replaceAll(':', ':\t')])
    draft.text = (...more) => about(written(...more))
  }],
]

function changed(draft, members) {
  if (draft.keys[draft.at]) draft.keys[draft.at] = { ...draft.keys[draft.at], ...members }
}

/** A number of the key in another spelling. */
function rewritten(draft, random) {
  const key = draft.keys[draft.at] ?? {}
  const name = random.pick(Object.keys(good[draft.kind][0].jwk).filter((each) => each.length === 1))
  const text = key[name]
  if (typeof text !== 'string') return
  const bytes = Buffer.from(text, 'base64url')
  const ways = [
    () => bytes.toString('base64'),
    () => `${text}=`,
    () => `${text}==`,
    () => ` ${text}`,
    () => `${text}\n`,
    () => text.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) ^ 1)),
    () => encode(Buffer.concat([Buffer.alloc(1), bytes])),
    () => encode(Buffer.concat([Buffer.alloc(2), bytes])),
    () => encode(bytes.subarray(1)),
    () => encode(bytes.subarray(0, -1)),
    () => encode(Buffer.concat([bytes, Buffer.alloc(1)])),
    () => encode(Buffer.from(bytes).reverse()),
    () => `${text.slice(0, 5)}!${text.slice(5)}`,
    () => `${text.slice(0, 5)}\u0000${text.slice(5)}`,
    () => '',
    () => 'AA',
    () => 'Ag',
    () => encode(Buffer.from([2, 0, 0, 0, 1])),
    () => encode(Buffer.from([1, 0, 0])),
  ]
  key[name] = random.pick(ways)()
}
