// How much processor time a process and those that it started have used: their own and the system's, of all threads.

import { readFileSync, readdirSync } from 'node:fs'

/** What each thread has used so far, in nanoseconds; `undefined` where the system does not tell. */
export function cpuOf(pid) {
  try {
    const threads = [pid, ...descendants(pid)].flatMap((process) =>
      readdirSync(`/proc/${process}/task`).map((thread) => [thread, used(process, thread)]),
    )
    return new Map(threads)
  } catch {
    return undefined
  }
}

/** What was used between two accounts, in milliseconds. A thread that ended takes what it used with it. */
export function cpuBetween(before, after) {
  if (before === undefined || after === undefined) return NaN
  let nanoseconds = 0
  for (const [thread, now] of after) nanoseconds += Math.max(now - (before.get(thread) ?? 0), 0)
  return nanoseconds / 1e6
}

function used(process, thread) {
  try {
    return Number(readFileSync(`/proc/${process}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  } catch {
    // It has just ended.
    return 0
  }
}

function descendants(pid) {
  const found = []
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean)
    for (const child of children) found.push(child, ...descendants(child))
  }
  return found
}
