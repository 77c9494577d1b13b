import { PortvaktError, driverError } from '../errors.js'
import { publicKey } from './dpop.js'
import { type Driver, drive, random } from './drive.js'
import type { RenewedSession } from './glue.js'
import type { Current, SharedSession } from './session.js'
import { isSame } from './vault.js'

/** How long before its end an access token is renewed, in seconds: a request with it has to arrive. */
const MARGIN_SECONDS = 15

/** Renews the tokens of a session: one tab at a time, and with the refresh token that was written last. */
export class Renewal {
  readonly #driver: Driver
  readonly #client: string
  readonly #session: SharedSession
  #running: Promise<void> | undefined

  constructor(driver: Driver, client: string, session: SharedSession) {
    this.#driver = driver
    this.#client = client
    this.#session = session
  }

  /** The session with a token that is valid a while yet. Throws if there is none. */
  async fresh(): Promise<Current> {
    const current = this.#session.current
    if (current === undefined) throw this.#session.error ?? driverError('misuse_signed_out')
    const { expiresAt, isRenewable } = current.view
    const remaining = expiresAt === undefined ? Infinity : expiresAt - this.#driver.clock()
    if (remaining > MARGIN_SECONDS) return current
    if (isRenewable) await this.renew().catch((error: PortvaktError) => this.#unless(remaining > 0, error))
    else if (remaining <= 0) throw this.#session.failure('session_not_renewable')
    const { current: renewed, error } = this.#session
    if (renewed === undefined) throw error ?? driverError('misuse_signed_out')
    return renewed
  }

  /** Renews now. Calls that come meanwhile share the answer. */
  renew(): Promise<void> {
    this.#running ??= this.#once().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** A service that cannot be reached is no reason to fail while the token is valid. */
  #unless(isValid: boolean, error: PortvaktError): void {
    if (!isValid || this.#session.current === undefined) throw error
  }

  async #once(): Promise<void> {
    const before = this.#session.current
    if (before === undefined) throw driverError('misuse_signed_out')
    if (!before.view.isRenewable) throw this.#session.failure('session_not_renewable')
    await this.#session.tabs.alone(async () => {
      // Whoever had the lock before may have renewed it, or ended it.
      await this.#session.read()
      const { current } = this.#session
      if (current !== undefined && isSame(current.kept, before.kept)) await this.#renew(current)
    })
  }

  async #renew(current: Current): Promise<void> {
    const { kept } = current
    const { session, ...view } = await this.#renewed(current)
    // Written before the lock is given back: the token that was used is worth nothing any more.
    const isKept = await this.#session.replace(kept, { ...kept, epoch: kept.epoch + 1, session }, view)
    if (isKept) return
    // Signed out, or signed in anew, while the answer was on its way: nobody will use these tokens.
    await drive(this.#driver, undefined, (glue, flow) =>
      glue.begin_logout(flow, this.#client, session, undefined, random(), this.#driver.clock()),
    ).catch(() => {})
    await this.#session.read()
  }

  async #renewed({ kept }: Current): Promise<RenewedSession> {
    try {
      const proofKey = kept.proofKeys && (await publicKey(kept.proofKeys))
      return await drive<RenewedSession>(this.#driver, kept.proofKeys, (glue, flow) =>
        glue.refresh(flow, this.#client, kept.session, proofKey, random(), this.#driver.clock()),
      )
    } catch (error) {
      // No answer: the refresh token may be used up or not, and the next attempt will tell. Any answer but a good one
      // is the end, so that nothing is tried for ever.
      const says = error instanceof PortvaktError && !error.isTransient && !['environment', 'misuse'].includes(error.fault)
      if (says) await this.#session.end(error)
      throw error
    }
  }
}
