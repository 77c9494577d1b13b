// Random choices that a seed repeats.

/** A generator of 32-bit numbers (xoshiro128**), and what is chosen with it. */
export function randomOf(seed) {
  let [a, b, c, d] = spread(seed)
  const next = () => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, 11)
    return result
  }
  const below = (bound) => next() % bound
  return {
    below,
    chance: (share) => next() < share * 2 ** 32,
    pick: (choices) => choices[below(choices.length)],
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  }
}

/** Four numbers out of one, never all zero. */
function spread(seed) {
  let state = seed >>> 0
  return Array.from({ length: 4 }, () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return mixed ^ (mixed >>> 16) || 1
  })
}

function rotated(number, by) {
  return (number << by) | (number >>> (32 - by))
}
