// Tokens that are right but for what is done to them, on every level from a claim to the last bit.

import { createHmac } from 'node:crypto'

import { KINDS, bytesOf, encode, good, numberOf, odd, signed } from './keys.mjs'

/** The time at which all tokens are judged. */
export const NOW = 1_790_000_000

/** The kinds of token: what a good one says, and how far the clocks may be apart. */
export const PROFILES = {
  'access token': {
    tolerance: 10,
    header: { typ: 'at+jwt' },
    claims: { iss: 'https://issuer.example', sub: 'kari', aud: 'https://api.example', exp: NOW + 300, iat: NOW - 20, jti: 'id-1', client_id: 'client-1', scope: 'read write' },
  },
  'access token of ID-porten': {
    tolerance: 10,
    header: {},
    claims: { iss: 'https://test.idporten.no', sub: 'kari', client_id: 'client-1', scope: 'openid profile', exp: NOW + 120, iat: NOW - 20, jti: 'id-1', acr: 'idporten-loa-high' },
  },
  'id_token': {
    tolerance: 60,
    header: {},
    claims: { iss: 'https://issuer.example', sub: 'kari', aud: 'client-1', exp: NOW + 120, iat: NOW - 2, nonce: 'nonce-1', auth_time: NOW - 10, acr: 'high' },
  },
}

/** A token for a profile and a set of keys, and what was done to it. */
export function token(random, profile, set) {
  const { header, claims, tolerance } = PROFILES[profile]
  const draft = {
    alg: set.alg,
    kind: KINDS[set.alg],
    pair: set.pair,
    tolerance,
    // Names and values as they will be written, so that they can be written wrongly.
    header: membersOf({ alg: set.alg, kid: set.kid, ...header }),
    claims: membersOf(claims),
  }
  const labels = []
  const count = random.pick([0, 1, 1, 1, 1, 1, 2, 2, 3])
  const chosen = Array.from({ length: count }, () => random.pick(LEVELS)).sort((a, b) => a.order - b.order)
  const apply = (order) => {
    for (const { name, changes } of chosen.filter((level) => level.order === order)) {
      const [label, change] = random.pick(changes)
      labels.push(`${name}: ${label}`)
      change(draft, random)
    }
  }
  apply(0)
  draft.header = Buffer.from(objectOf(draft.header))
  draft.claims = Buffer.from(objectOf(draft.claims))
  apply(1)
  draft.parts = [encode(draft.header), encode(draft.claims)]
  apply(2)
  draft.input = draft.parts.join('.')
  draft.signature = signed(draft.alg, Buffer.from(draft.input), draft.pair)
  apply(3)
  draft.text = `${draft.input}.${draft.last ?? encode(draft.signature)}`
  apply(4)
  return { text: draft.text, labels }
}

const membersOf = (object) => Object.entries(object).map(([name, value]) => [JSON.stringify(name), JSON.stringify(value)])
const objectOf = (members) => `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`

/** Sets, adds or (with `undefined`) leaves out a member. */
function put(members, name, value) {
  const quoted = JSON.stringify(name)
  const at = members.findIndex(([each]) => JSON.parse(each) === name)
  if (value === undefined) {
    if (at >= 0) members.splice(at, 1)
  } else if (at >= 0) members[at] = [quoted, value]
  else members.push([quoted, value])
}

/** Adds a member, unless there is one of its name. */
function add(members, [name, value]) {
  if (!members.some(([each]) => JSON.parse(each) === JSON.parse(name))) members.push([name, value])
}

const CLAIMS = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'scope', 'azp', 'nonce', 'auth_time', 'acr', 'cnf', 'events', 'at_hash', 'authorization_details', 'consumer', 'pid', 'sid', 'amr']
const DATES = ['exp', 'exp', 'nbf', 'nbf', 'iat', 'iat', 'auth_time']
const TYPES = ['null', 'true', 'false', '0', '-0', '1', '-1', '1.5', '1e3', '""', '" "', '"1790000300"', '[]', '[[]]', '[""]', '[null]', '{}', '{"a":1}', '"x"', '1e400', '-1e400', '1e-400', '9007199254740993', '18446744073709551616', '0.1e1', '1E+2']

const claimChanges = [
  ['left out', ({ claims }, random) => put(claims, random.pick(CLAIMS), undefined)],
  ['of another type', ({ claims }, random) => put(claims, random.pick(CLAIMS), random.pick(TYPES))],
  ['another text', ({ claims }, random) => {
    const name = random.pick(CLAIMS)
    const before = JSON.parse(claims.find(([each]) => JSON.parse(each) === name)?.[1] ?? '"x"')
    put(claims, name, JSON.stringify(otherText(String(before), random)))
  }],
  ['among others', ({ claims }, random) => {
    const name = random.pick(['iss', 'aud', 'aud', 'aud', 'sub', 'client_id', 'scope', 'azp', 'nonce'])
    const own = claims.find(([each]) => JSON.parse(each) === name)?.[1] ?? '"client-1"'
    put(claims, name, `[${random.pick([[own], [own, own], [own, '"other"'], ['"other"', own], ['"other"'], [own, 'null'], [own, '1'], [`[${own}]`], [own, '""'], []]).join(',')}]`)
  }],
  ['a date at an edge', ({ claims, tolerance }, random) => {
    const from = random.pick([-tolerance, 0, tolerance, -600 - tolerance, -600, -3600])
    const seconds = NOW + from + random.pick([-2, -1, 0, 1, 2])
    const written = random.pick([`${seconds}`, `${seconds}`, `${seconds}.0`, `${seconds}.5`, `${seconds}.999999`, `${seconds}e0`, `${seconds / 1e9}e9`, `${seconds}000e-3`, `${seconds * 1000}`, `"${seconds}"`])
    put(claims, random.pick(DATES), written)
  }],
  ['a date far away', ({ claims }, random) => put(claims, random.pick(DATES), random.pick(['0', '-1', '-1790000000', '253402300799', '253402300800', '1e12', '1e15', '1e18', '1e19', '1e100', '1e308', '1e309', '9223372036854775807', '9223372036854775808', '18446744073709551615', '4294967295', '2147483648', '0.5', '1e-5']))],
  ['another more', ({ claims }, random) => add(claims, random.pick([['"x"', '"y"'], ['"x"', `{"iss":"https://issuer.example"}`], ['"typ"', '"Bearer"'], ['"typ"', '"ID"'], ['"token_use"', '"id"'], ['"nonce"', '"n"'], ['"events"', '{}'], ['"cnf"', '{"jkt":"AA"}'], ['"azp"', '"client-1"'], ['"azp"', '"other"'], ['"nbf"', `${NOW}`], ['"__proto__"', '{"iss":"x"}'], ['"constructor"', '1'], ['"toJSON"', '"x"'], ['"Iss"', '"x"'], ['"exp "', '1'], ['"\\u0000"', '1'], ['"ø"', '"æ"'], ['"x"', '"\\ud83d\\ude00"'], ['""', '""']]))],
  ['twice', ({ claims }, random) => {
    const [name, value] = random.pick(claims)
    claims.splice(random.below(claims.length + 1), 0, [random.chance(0.3) ? escaped(name, random) : name, random.chance(0.5) ? value : random.pick(TYPES)])
  }],
  ['its name escaped', ({ claims }, random) => {
    const at = random.below(claims.length)
    claims[at] = [escaped(claims[at][0], random), claims[at][1]]
  }],
  ['its name otherwise', ({ claims }, random) => {
    const at = random.below(claims.length)
    const name = JSON.parse(claims[at][0])
    claims[at] = [JSON.stringify(random.pick([name.toUpperCase(), ` ${name}`, `${name} `, `${name}\u0000`, name.slice(1), `${name}s`, `\u200b${name}`])), claims[at][1]]
  }],
  ['in another order', ({ claims }, random) => void claims.sort(() => random.below(3) - 1)],
  ['more than anybody needs', ({ claims }, random) => put(claims, 'x', random.pick([`"${'x'.repeat(random.pick([4_000, 60_000, 98_000, 99_000]))}"`, `${'['.repeat(20)}${']'.repeat(20)}`, `[${'1,'.repeat(500)}1]`, `{${Array.from({ length: 80 }, (_, at) => `"a${at}":1`).join(',')}}`]))],
]

const headerChanges = [
  ['another algorithm', ({ header }, random) => put(header, 'alg', JSON.stringify(random.pick(['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'HS384', 'RS256', 'RS384', 'RS512', 'PS256', 'PS512', 'ES256', 'ES384', 'ES256K', 'EdDSA', 'Ed25519', 'Ed448', 'rs256', 'eddsa', 'RS256 ', ' ES256', 'ES256\u0000', 'RSA1_5', 'dir', 'ML-DSA-44', '__proto__', 'toString'])))],
  ['and signed by another algorithm', (draft, random) => {
    const alg = random.pick(Object.keys(KINDS))
    put(draft.header, 'alg', JSON.stringify(alg))
    ;[draft.alg, draft.pair] = [alg, good[KINDS[alg]][0]]
  }],
  ['the algorithm by its new name', ({ header }) => put(header, 'alg', '"Ed25519"')],
  ['another key named', ({ header }, random) => put(header, 'kid', JSON.stringify(random.pick(['', 'other', 'key of RSA', 'key of P-256', 'key of Ed25519', 'key of RSA ', 'KEY OF RSA', '__proto__', 'constructor', '../../etc/passwd', "' OR 1=1", 'ø', '\u0000']))) ],
  ['no key named', ({ header }) => put(header, 'kid', undefined)],
  ['another type', ({ header }, random) => put(header, 'typ', JSON.stringify(random.pick(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'APPLICATION/AT+JWT', 'application/jwt', 'at+jwt ', ' at+jwt', 'at+jwt;x=1', 'text/at+jwt', '/at+jwt', 'application//at+jwt', 'logout+jwt', 'dpop+jwt', 'JOSE', '', 'at+JWT\u0000', 'a\u0074+jwt', 'at\u212A', 'a/b/c'])))],
  ['no type', ({ header }) => put(header, 'typ', undefined)],
  ['a member of another kind', ({ header }, random) => put(header, random.pick(['alg', 'kid', 'typ', 'cty', 'crit', 'b64', 'jwk', 'jku', 'x5c', 'x5u', 'enc', 'zip', 'x']), random.pick(TYPES))],
  ['what is critical', ({ header }, random) => {
    put(header, 'crit', random.pick(['[]', '["b64"]', '["b64","b64"]', '["exp"]', '["alg"]', '["x"]', '[""]', '"b64"', 'null', '[1]', '{}', '["__proto__"]', '["toString"]', '["b64","x"]']))
    if (random.chance(0.6)) put(header, 'b64', random.pick(['true', 'false', '"true"', '1', 'null']))
    if (random.chance(0.3)) put(header, 'x', '1')
    if (random.chance(0.2)) put(header, 'exp', `${NOW + 300}`)
  }],
  ['b64 by itself', ({ header }, random) => put(header, 'b64', random.pick(['true', 'false', 'null']))],
  ['encrypted or compressed', ({ header }, random) => put(header, random.pick(['enc', 'zip', 'epk', 'p2c']), random.pick(['"A256GCM"', '"DEF"', '""', 'null', '1000000']))],
  ['where a key is', ({ header }, random) => put(header, random.pick(['jku', 'x5u']), random.pick(['"https://attacker.example/jwks"', '"file:///etc/passwd"', '1']))],
  ['its own key, which signs', (draft, random) => {
    draft.pair = good[draft.kind][1]
    put(draft.header, 'jwk', JSON.stringify(draft.pair.jwk))
    if (random.chance(0.5)) put(draft.header, 'kid', undefined)
  }],
  ['twice', ({ header }, random) => {
    const [name, value] = random.pick(header)
    header.splice(random.below(header.length + 1), 0, [random.chance(0.3) ? escaped(name, random) : name, random.chance(0.5) ? value : random.pick(['"none"', '"RS256"', '"JWT"', 'null', '[]'])])
  }],
  ['its name escaped', ({ header }, random) => {
    const at = random.below(header.length)
    header[at] = [escaped(header[at][0], random), header[at][1]]
  }],
  ['another more', ({ header }, random) => add(header, random.pick([['"cty"', '"JWT"'], ['"cty"', '"x"'], ['"x5t"', '"AA"'], ['"x5c"', '["MIIB"]'], ['"ppt"', '"shaken"'], ['"nonce"', '"x"'], ['"__proto__"', '{"alg":"none"}'], ['"constructor"', '{}'], ['"iss"', '"https://issuer.example"'], ['"ø"', '1'], ['"x"', '"\\ud800"'], ['"x"', '1e400'], ['"x"', '"\\/\\b"'], ['"ALG"', '"none"']]))],
  ['more than anybody needs', ({ header }, random) => put(header, 'x', random.pick([`"${'x'.repeat(random.pick([1_000, 15_000, 17_000]))}"`, `${'['.repeat(20)}${']'.repeat(20)}`]))],
]

/** A text of JSON, written otherwise or broken. */
const TEXTS = [
  ['a blank', (text, random) => inserted(text, random.pick([' ', '\t', '\n', '\r', '\r\n', '  ', '\f', '\v', '\u00a0', '\u2028', '\ufeff', '\0']), random)],
  ['a blank at an end', (text, random) => {
    const blank = Buffer.from(random.pick([' ', '\n', '\t', '\ufeff', '\u00a0', '\0', '\u3000']))
    return Buffer.concat(random.chance(0.5) ? [blank, text] : [text, blank])
  }],
  ['something behind', (text, random) => Buffer.concat([text, Buffer.from(random.pick(['}', '{}', ',', 'x', 'null', '//', '/**/', '"', ']']))])],
  ['a byte changed', (text, random) => {
    const bytes = Buffer.from(text)
    if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8)
    return bytes
  }],
  ['a byte inserted', (text, random) => inserted(text, Buffer.from([random.below(256)]), random)],
  ['a byte left out', (text, random) => {
    const at = random.below(text.length + 1)
    return Buffer.concat([text.subarray(0, at), text.subarray(at + 1)])
  }],
  ['cut off', (text, random) => text.subarray(0, random.below(text.length + 1))],
  ['a piece twice', (text, random) => {
    const [from, to] = [random.below(text.length + 1), random.below(text.length + 1)].sort((a, b) => a - b)
    return Buffer.concat([text.subarray(0, to), text.subarray(from)])
  }],
  ['of another grammar', (text, random) => Buffer.from(random.pick([(own) => own.replaceAll('"', "'"), (own) => own.replace('}', ',}'), (own) => own.replace('{', '{/* x */'), (own) => own.replace('{"', '{').replace('":', ':'), (own) => own.replace('{', '{,'), (own) => own.replace(':', '='), (own) => own.replace(',', ',,'), (own) => own.replace('{', '{"x":NaN,'), (own) => own.replace('{', '{"x":Infinity,'), (own) => own.replace('{', '{"x":01,'), (own) => own.replace('{', '{"x":.5,'), (own) => own.replace('{', '{"x":5.,'), (own) => own.replace('{', '{"x":+5,'), (own) => own.replace('{', '{"x":0x10,'), (own) => own.replace('{', '{"x":1e,'), (own) => own.replace('{', '{"x":-,'), (own) => own.replace('{', '{"x":TRUE,'), (own) => own.replace('{', '{"x":undefined,'), (own) => own.replace('{', '{"x":"\\x41",'), (own) => own.replace('{', '{"x":"\\u00g0",'), (own) => own.replace('{', '{"x":"\n",'), (own) => own.replace('{', '{"x":"\t",'), (own) => own.replace('{', '{"x":"\\\'",')])(text.toString()))],
  ['an odd text in it', (text, random) => Buffer.from(text.toString().replace('{', `{"x":${random.pick(['"\\ud800"', '"\\udc00"', '"\\udc00\\ud800"', '"\\ud800x"', '"\\uD83D\\uDE00"', '"\\u0000"', '"\\ufeff"', '"\\u2028"', '"\u2028"', '"\ufffe"', '"\u{10ffff}"', '"\\/"', '1e400', '-1e400', '1e-400', '-0', '0e0', '1E5', '123456789012345678901234567890', '0.1234567890123456789'])},`))],
  ['bytes that are no UTF-8', (text, random) => Buffer.concat([Buffer.from('{"x":"'), random.pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3], [0x80], [0xe2, 0x82], [0xf8, 0x88, 0x80, 0x80, 0x80]].map((bytes) => Buffer.from(bytes))), Buffer.from('",'), text.subarray(1)])],
  ['in another encoding', (text, random) => random.pick([Buffer.from(text.toString(), 'utf16le'), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.toString(), 'utf16le')]), Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text]), Buffer.from(encode(text)), Buffer.from(JSON.stringify(text.toString()))])],
  ['deep', (text, random) => {
    const depth = random.pick([30, 31, 32, 33, 60, 62, 63, 64, 65, 66, 126, 127, 128, 129, 1000])
    const [open, close] = random.pick([['[', ']'], ['{"a":', '}']])
    return Buffer.from(text.toString().replace('{', `{"x":${open.repeat(depth)}1${close.repeat(depth)},`))
  }],
  ['no object', (text, random) => Buffer.from(random.pick([`[${text}]`, 'null', 'true', '1', '""', '[]', '{}', '', ' ', JSON.stringify(text.toString()), `{"x":${text}}`]))],
]

/** A part in base64url, written otherwise or broken. */
const PARTS = [
  ['padded', (part) => part + '='.repeat((4 - (part.length % 4)) % 4)],
  ['padded too much', (part, random) => part + '='.repeat(1 + random.below(4))],
  ['the ordinary alphabet', (part) => part.replaceAll('-', '+').replaceAll('_', '/')],
  ['bits behind the end', (part) => part.replace(/.$/, (last) => ALPHABET[ALPHABET.indexOf(last) ^ 1] ?? last)],
  ['a character too many', (part, random) => part + random.pick(['A', 'B', '-', '_', '0'])],
  ['a character too few', (part) => part.slice(0, -1)],
  ['a foreign character', (part, random) => insertedText(part, random.pick([' ', '\n', '\t', '\r', '\f', '\v', '\0', '!', '*', '~', ',', '%', '=', '+', '/', 'ø', '\u00a0', '\u2028', '\uff21', '\u{1f600}', '\ud800']), random)],
  ['a blank at an end', (part, random) => random.pick([` ${part}`, `${part} `, `${part}\n`, `\n${part}`, `${part}\t`, `${part}\r\n`])],
  ['a character changed', (part, random) => {
    const at = random.below(part.length)
    return part.slice(0, at) + random.pick([...ALPHABET]) + part.slice(at + 1)
  }],
  ['nothing', () => ''],
  ['percent-encoded', (part) => part.replace(/^./, (first) => `%${first.charCodeAt(0).toString(16)}`)],
  ['twice encoded', (part) => encode(Buffer.from(part))],
]
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const OTHER = ['eyJhbGciOiJub25lIn0', 'eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0', encode(Buffer.alloc(64, 1))]

/** A whole token, changed by who cannot sign. */
const WHOLES = [
  ['a character changed', (text, random) => {
    const at = random.below(text.length)
    return text.slice(0, at) + random.pick([...ALPHABET, '.']) + text.slice(at + 1)
  }],
  ['a foreign character', (text, random) => insertedText(text, random.pick([' ', '\n', '\t', '\0', '.', '=', ',', '\u3002', '\uff0e', '\u2024', '\ufeff', '\ud83d', '~']), random)],
  ['at an end', (text, random) => random.pick([`.${text}`, `${text}.`, ` ${text}`, `${text} `, `${text}\n`, `\ufeff${text}`, `${text}\0`, `${text}=`, `"${text}"`, `Bearer ${text}`, `${text}.${text}`, `${text},${text}`])],
  ['fewer or more parts', (text, random) => {
    const parts = text.split('.')
    return random.pick([parts.slice(0, 2).join('.'), parts[0], '', '..', '.', '....', `${text}.A.A`, `${parts[0]}..${parts[2]}`, `${parts[0]}.${parts[1]}.`, `..${parts[2]}`, parts.join('..'), parts.join(':'), [...parts].reverse().join('.')])
  }],
  ['parts of another token', (text, random) => {
    const [header, claims, signature] = text.split('.')
    return random.pick([`${header}.${claims}.${OTHER[2]}`, `${OTHER[0]}.${claims}.${signature}`, `${header}.${OTHER[1]}.${signature}`])
  }],
  ['a piece left out', (text, random) => {
    const at = random.below(text.length)
    return text.slice(0, at) + text.slice(at + 1 + random.below(8))
  }],
  ['a piece twice', (text, random) => {
    const at = random.below(text.length)
    return text.slice(0, at + 4) + text.slice(at)
  }],
  ['its case', (text, random) => random.pick([text.toUpperCase(), text.toLowerCase()])],
  ['as JSON', (text) => {
    const [header, payload, signature] = text.split('.')
    return JSON.stringify({ protected: header, payload, signature })
  }],
]

const onWhole = WHOLES.map(([label, change]) => [label, (draft, random) => void (draft.text = change(draft.text, random))])
const onText = (name) => TEXTS.map(([label, change]) => [label, (draft, random) => void (draft[name] = change(draft[name], random))])
const onPart = (at) => PARTS.map(([label, change]) => [label, (draft, random) => void (draft.parts[at] = change(draft.parts[at], random))])

const ORDERS = { p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n, ed25519: 2n ** 252n + 27742317777372353535851937790883648493n }

const again = (change) => (draft, random) => void (draft.signature = change(draft, random))
const halves = (change) => again(({ kind, signature }, random) => {
  const [first, second] = change(signature.subarray(0, 32), signature.subarray(32), ORDERS[kind] ?? ORDERS.p256, random)
  return Buffer.concat([first, second])
})
const reversed = (bytes) => Buffer.from(bytes).reverse()
const signatures = [
  ['a bit changed', again(({ signature }, random) => {
    const bytes = Buffer.from(signature)
    if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8)
    return bytes
  })],
  ['a byte less', again(({ signature }, random) => (random.chance(0.5) ? signature.subarray(1) : signature.subarray(0, -1)))],
  ['a byte more', again(({ signature }, random) => Buffer.concat(random.chance(0.5) ? [Buffer.alloc(1), signature] : [signature, Buffer.alloc(1)]))],
  ['nothing', again(() => Buffer.alloc(0))],
  ['zeros', again(({ signature }) => Buffer.alloc(signature.length))],
  ['ones', again(({ signature }) => Buffer.alloc(signature.length, 0xff))],
  ['noise', again(({ signature }, random) => random.bytes(signature.length))],
  ['reversed', again(({ signature }) => reversed(signature))],
  ['twice', again(({ signature }) => Buffer.concat([signature, signature]))],
  ['long', again((_, random) => Buffer.alloc(random.pick([511, 512, 513, 1024, 4096]), 1))],
  ['made by somebody else', again(({ alg, kind, input }) => signed(alg, Buffer.from(input), good[kind][1]))],
  ['made with an odd key', again(({ alg, kind, input }, random) => signed(alg, Buffer.from(input), random.pick(Object.values(odd[kind]))))],
  ['with another hash', again(({ alg, input, pair }, random) => signed(alg, Buffer.from(input), pair, random.pick(['sha1', 'sha384', 'sha512', 'sha224'])))],
  ['with another salt', again(({ alg, input, pair }, random) => signed(alg, Buffer.from(input), pair, 'sha256', alg === 'PS256' ? random.pick([0, 20, 31, 33, 64]) : undefined))],
  ['in DER', again(({ alg, input, pair }) => signed(alg, Buffer.from(input), pair, 'sha256', alg === 'ES256' ? 'der' : undefined))],
  ['by the other scheme of its key', again(({ alg, input, pair }) => signed(alg === 'RS256' ? 'PS256' : 'RS256', Buffer.from(input), pair))],
  ['over something else', again(({ alg, input, pair }, random) => signed(alg, Buffer.from(random.pick([`${input}.`, `.${input}`, input.split('.')[0], input.split('.').at(-1), input.toUpperCase(), `${input}=`, ''])), pair))],
  ['over what is encoded', again(({ alg, header, claims, pair }) => signed(alg, Buffer.concat([header, Buffer.from('.'), claims]), pair))],
  ['a MAC with the public key', (draft, random) => {
    const { jwk } = draft.pair
    const key = random.pick([JSON.stringify(jwk), jwk.n ?? jwk.x, Buffer.from(jwk.n ?? jwk.x, 'base64url')])
    const [, claims] = draft.input.split('.')
    draft.input = `${encode('{"alg":"HS256","typ":"at+jwt"}')}.${claims ?? ''}`
    draft.signature = createHmac('sha256', key).update(draft.input).digest()
  }],
  ['its number and the modulus', again(({ pair, signature }) => {
    const length = signature.length + 1
    return bytesOf(numberOf(signature) + numberOf(Buffer.from(pair.jwk.n ?? '', 'base64url')), length)
  })],
  ['its number taken from the modulus', again(({ pair, signature }) => {
    const rest = numberOf(Buffer.from(pair.jwk.n ?? '', 'base64url')) - numberOf(signature)
    return bytesOf(rest < 0n ? 0n : rest, signature.length)
  })],
  // Of ECDSA: as good as the other.
  ['the other S', halves((r, s, order) => [r, bytesOf((order * 2n - numberOf(s)) % order, 32)])],
  ['S and the order', again(({ kind, signature }) => {
    const order = ORDERS[kind] ?? 0n
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
    return Buffer.concat(kind === 'ed25519' ? [r, reversed(bytesOf(numberOf(reversed(s)) + order, 32))] : [r, bytesOf(numberOf(s) + order, 33)])
  })],
  ['halves exchanged', halves((r, s) => [s, r])],
  ['a half of zeros', halves((r, s, _, random) => (random.chance(0.5) ? [Buffer.alloc(32), s] : [r, Buffer.alloc(32)]))],
  ['a half of the order', halves((r, s, order, random) => (random.chance(0.5) ? [bytesOf(order, 32), s] : [r, bytesOf(order, 32)]))],
  ['one and one', halves(() => [bytesOf(1n, 32), bytesOf(1n, 32)])],
  ['a point of small order', halves((_, s, __, random) => [Buffer.from(random.pick(Object.values(odd.ed25519)).jwk.x, 'base64url').subarray(0, 32), random.chance(0.5) ? s : Buffer.alloc(32)])],
  ['its text otherwise', (draft, random) => void (draft.last = random.pick(PARTS)[1](encode(draft.signature), random))],
]


/** What is changed, at which stage of the making, and how often. */
const LEVELS = [
  ...Array(5).fill({ name: 'claims', order: 0, changes: claimChanges }),
  ...Array(4).fill({ name: 'header', order: 0, changes: headerChanges }),
  { name: 'text of the claims', order: 1, changes: onText('claims') },
  { name: 'text of the claims', order: 1, changes: onText('claims') },
  { name: 'text of the header', order: 1, changes: onText('header') },
  { name: 'part of the claims', order: 2, changes: onPart(1) },
  { name: 'part of the header', order: 2, changes: onPart(0) },
  ...Array(3).fill({ name: 'signature', order: 3, changes: signatures }),
  ...Array(2).fill({ name: 'token', order: 4, changes: onWhole }),
]

function inserted(bytes, what, random) {
  const at = random.below(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(what), bytes.subarray(at)])
}

function insertedText(text, what, random) {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + what + text.slice(at)
}

/** A text of JSON with one of its characters as `\u....`. */
function escaped(quoted, random) {
  if (quoted.includes('\\')) return quoted
  const at = 1 + random.below(Math.max(quoted.length - 2, 1))
  return `${quoted.slice(0, at)}\\u${quoted.charCodeAt(at).toString(16).padStart(4, '0')}${quoted.slice(at + 1)}`
}

/** A text that is nearly the same. */
function otherText(text, random) {
  return random.pick([`${text}1`, `${text}/`, ` ${text}`, `${text} `, text.slice(0, -1), text.slice(1), text.toUpperCase(), `${text}\u0000`, `${text}\n`, text.replace('e', 'ė'), text.replace('.', '%2e'), text.replace('https', 'http'), `${text}/../`, `${text}?`, `${text}#`, `\u200b${text}`, text.normalize('NFD'), '', 'other', 'æ', 'x'.repeat(255), 'x'.repeat(256), `${text},other`, `other ${text}`])
}
