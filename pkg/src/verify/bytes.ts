import type { RawClaims } from '../claims.js'

/** What most tokens take, at three bytes for each of the units that JavaScript counts. */
const scratch = new Uint8Array(16 * 1024)
const encoder = new TextEncoder()

/**
 * A token, or a part of one, as UTF-8.
 *
 * The bytes are good until the next one is asked for: whoever waits copies them first. Browsers take longer to allocate
 * some than to write them.
 */
export function asBytes(token: string): Uint8Array<ArrayBuffer> {
  if (3 * token.length > scratch.length) return encoder.encode(token)
  return scratch.subarray(0, encoder.encodeInto(token, scratch).written)
}

/** The bytes that base64url says, in ASCII, of which the module has found that it is base64url. */
export function decoded(base64url: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((base64url.length * 3) >> 2)
  let length = 0
  let bits = 0
  // How many of them are not written yet: each character brings six, each byte takes eight.
  let count = 0
  for (let place = 0; place < base64url.length; place += 1) {
    bits = (bits << 6) | (VALUES[base64url[place] as number] as number)
    count += 6
    if (count < 8) continue
    count -= 8
    bytes[length] = bits >> count
    length += 1
  }
  return bytes
}

/**
 * The claims of a token that the module has accepted.
 *
 * It has found them to be JSON in a reading so strict that every reader finds the same in it.
 */
export function claimsOf(payload: string): RawClaims {
  return JSON.parse(decoder.decode(decoded(asBytes(payload)))) as RawClaims
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Uint8Array(128)
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value
