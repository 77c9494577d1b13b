/** How often the person's activity is noted, in seconds: a limit of minutes needs no more. */
const NOTED_EVERY_SECONDS = 15

/** How often the limits are looked at, in milliseconds. A timer that was due while the machine slept fires after it. */
const LOOK_MILLISECONDS = 1000

/** What shows that somebody is there. Requests of the page do not: it may send them by itself. */
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** Calls `look` about once a second, and `active` when the person does something. */
export function observe(clock: () => number, look: () => void, active: (at: number) => void): void {
  setInterval(look, LOOK_MILLISECONDS)
  let noted = 0
  const note = () => {
    const now = clock()
    // Also when the clock was put back.
    if (Math.abs(now - noted) < NOTED_EVERY_SECONDS) return
    noted = now
    active(now)
  }
  for (const sign of SIGNS) window.addEventListener(sign, note, { capture: true, passive: true })
}
