// Has tokens judged by both, and looks whether each difference is one that is accounted for.

import { isDeepStrictEqual } from 'node:util'

import { LAXER, STRICTER } from './differences.mjs'
import { judgesOf } from './judges.mjs'
import { ALGORITHMS } from './keys.mjs'
import { randomOf } from './random.mjs'
import { keySet } from './sets.mjs'
import { NOW, PROFILES, token } from './tokens.mjs'

/** So many tokens meet the same set of keys. */
const TOKENS_PER_SET = 25

/** So many differences of a kind are printed in full. */
const EXAMPLES = 2

/**
 * Compares so many random tokens, and gives the results for the runner: one for each rule.
 *
 * A seed repeats what is chosen. Keys are made anew each time; what is printed of a difference is enough to repeat it.
 */
export async function compare(portvakt, { tokens, seed }) {
  const random = randomOf(seed)
  const tally = new Tally()
  const started = performance.now()
  while (tally.tokens < tokens) {
    const profile = random.pick(Object.keys(PROFILES))
    const set = keySet(random, random.pick(ALGORITHMS))
    const judges = await judgesOf(portvakt, profile, set.text)
    const drafts = Array.from({ length: TOKENS_PER_SET }, () => token(random, profile, set))
    const judged = drafts.map(async (draft) => [draft, await judges.ours(draft.text), await judges.jose(draft.text)])
    for (const [draft, ours, jose] of await Promise.all(judged)) {
      tally.count({ profile, set: set.text, token: draft.text, labels: [...set.labels, ...draft.labels], latest: NOW + PROFILES[profile].tolerance }, ours, jose)
    }
  }
  tally.print((performance.now() - started) / 1000, seed)
  return tally.results()
}

/** What came of the tokens. */
class Tally {
  tokens = 0
  #kinds = { 'both accept': 0, 'both refuse': 0, 'only we refuse': 0, 'only jose refuses': 0 }
  #disagreements = new Group('verify and verifySync give different answers')
  #claims = new Group('both accept, and read different claims')
  #laxer = new Group('accepted by us and refused by jose, and not on the list')
  #stricter = new Group('refused by us and accepted by jose, and not on the list')
  /** How often each reason was given. */
  #reasons = new Map([...LAXER, ...STRICTER].map(({ because }) => [because, 0]))
  /** How many tokens to which nothing was done were accepted by both. */
  #plain = 0

  count(one, [ours, ...others], jose) {
    this.tokens += 1
    for (const other of others) {
      if (!isDeepStrictEqual(ours, other)) this.#disagreements.add(`${ours.code} ${other.code}`, one)
    }
    if (ours.claims && jose.claims) {
      this.#kinds['both accept'] += 1
      if (one.labels.length === 0) this.#plain += 1
      if (!isDeepStrictEqual(ours.claims, jose.claims)) this.#claims.add('claims', one)
    } else if (ours.claims) {
      this.#kinds['only jose refuses'] += 1
      this.#explain(LAXER, jose.code, one, this.#laxer)
    } else if (jose.claims) {
      this.#kinds['only we refuse'] += 1
      this.#explain(STRICTER, ours.code, one, this.#stricter)
    } else this.#kinds['both refuse'] += 1
  }

  #explain(list, code, one, unexplained) {
    const applies = ({ codes, by, when }) =>
      codes.includes(code) && one.labels.some((label) => by.some((each) => label.startsWith(each))) && (when === undefined || when(one))
    const reason = list.find(applies)
    if (reason === undefined) unexplained.add(`${code} after ${one.labels.join(', ') || 'nothing'}`, one)
    else this.#reasons.set(reason.because, this.#reasons.get(reason.because) + 1)
  }

  print(seconds, seed) {
    console.log(`${this.tokens} tokens of seed ${seed} in ${seconds.toFixed(0)} s`)
    for (const [kind, count] of Object.entries(this.#kinds)) console.log(`${String(count).padStart(9)}  ${kind}`)
    for (const [because, count] of this.#reasons) console.log(`${String(count).padStart(9)}  ${because}`)
    for (const group of this.#groups()) group.print()
  }

  results() {
    const enough = this.tokens > 0 && this.#plain >= this.tokens / 400 && this.#kinds['both refuse'] >= this.tokens / 10
    const results = this.#groups().map((group) => group.result())
    // Who refuses everything agrees with everybody; so does who is asked nothing hard.
    results.push(enough ? { name: 'good tokens were accepted' } : { name: 'good tokens were accepted', failure: JSON.stringify(this.#kinds) })
    return results
  }

  #groups() {
    return [this.#disagreements, this.#claims, this.#laxer, this.#stricter]
  }
}

/** Cases that must not be, by what they have in common. */
class Group {
  #name
  #cases = new Map()

  constructor(name) {
    this.#name = name
  }

  add(kind, one) {
    const cases = this.#cases.get(kind) ?? []
    cases.push(cases.length < EXAMPLES ? one : undefined)
    this.#cases.set(kind, cases)
  }

  print() {
    for (const [kind, cases] of this.#cases) {
      console.log(`${this.#name}: ${cases.length} times ${kind}`)
      for (const one of cases.slice(0, EXAMPLES)) console.log(JSON.stringify(one))
    }
  }

  result() {
    const count = [...this.#cases.values()].reduce((sum, cases) => sum + cases.length, 0)
    const name = `none was ${this.#name}`
    return count === 0 ? { name } : { name, failure: `${count} tokens, printed above` }
  }
}
