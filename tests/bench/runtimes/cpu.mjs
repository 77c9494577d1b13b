// How much processor time a process and those that it started have used: their own and the system's, of all threads.

import { readFileSync, readdirSync } from 'node:fs'

/** In milliseconds; `undefined` where the system does not tell. */
export function cpuMilliseconds(pid) {
  try {
    let nanoseconds = 0
    for (const process of [pid, ...descendants(pid)]) {
      for (const thread of readdirSync(`/proc/${process}/task`)) nanoseconds += used(process, thread)
    }
    return nanoseconds / 1e6
  } catch {
    return undefined
  }
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
