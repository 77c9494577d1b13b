import type { PortvaktError } from '../errors.js'
import { defined } from '../options.js'
import type { SessionView } from './glue.js'
import type { SharedSession } from './session.js'
import type { AuthState, LoginService, SignedIn } from './types.js'

/** A state, and what it was made of. */
export interface Shown {
  readonly state: AuthState<LoginService>
  readonly of?: readonly unknown[]
}

/** What a state depends on besides the session. */
interface Circumstances {
  readonly isAway: boolean
  readonly error: PortvaktError | undefined
  readonly before: Shown
  readonly now: number
}

/** The state as it is to be shown; the same object as before if it is the same. Throws `session_*` when it is over. */
export function shown(session: SharedSession, { isAway, error, before, now }: Circumstances): Shown {
  const { current } = session
  if (isAway) return same(before, ['loading'], () => ({ status: 'loading' }))
  if (current === undefined) {
    const reason = session.error ?? error
    return same(before, ['signedOut', reason], () => defined({ status: 'signedOut', error: reason }) as AuthState<LoginService>)
  }
  const { endsAt, warnFrom } = session.standing(current)
  const warning = now >= warnFrom
  const { view } = current
  return same(before, [view, endsAt, warning, error], () => signedIn(view, { endsAt, warning, error, persistence: session.persistence }))
}

function same(before: Shown, of: readonly unknown[], state: () => AuthState<LoginService>): Shown {
  const isSame = before.of?.length === of.length && of.every((part, place) => part === before.of?.[place])
  return isSame ? before : { state: state(), of }
}

/** The part of a session that is shown; its token stays behind. */
function signedIn(view: SessionView, more: object): SignedIn<LoginService> {
  const { claims, representation, expiresAt, scope, checks, isRenewable } = view
  const state = { status: 'signedIn', claims, representation, expiresAt, scope, checks, isRenewable, ...more }
  return defined(state) as unknown as SignedIn<LoginService>
}
