import type { Core } from '../core.js'
import { PortvaktError } from '../errors.js'
import type { LoginGlue, SessionView, Standing } from './glue.js'
import { SealedVault } from './sealed.js'
import { TabSecret } from './secret.js'
import { type Message, Tabs } from './tabs.js'
import { type Kept, type Mark, MemoryVault, type Vault, isSame } from './vault.js'

/** A session as this tab has it. */
export interface Current {
  readonly kept: Kept
  readonly view: SessionView
}

/** What the session needs to know of its surroundings. */
export interface Surroundings {
  readonly core: Core<LoginGlue>
  readonly client: string
  /** Names the client: the issuer and the client_id. */
  readonly name: string
  readonly storage: 'sealed' | 'memory'
  /** How long a session may last, as the core reads it. */
  readonly limits: string
  readonly clock: () => number
  /** Called after every change. */
  readonly changed: () => void
}

/** The one session of a client, in step with the other tabs. */
export class SharedSession {
  readonly tabs: Tabs
  readonly #given: Surroundings
  readonly #secret: TabSecret
  #vault: Vault
  #current: Current | undefined
  #lastId: string | undefined
  /** The session that ended last: what is read or renewed of it on its way out does not bring it back. */
  #overId: string | undefined
  #activity = 0
  #reading: Promise<void> | undefined
  /** Why there is none any more, unless the person signed out. */
  error: PortvaktError | undefined

  constructor(given: Surroundings) {
    this.#given = given
    // Only a tab that has the session open knows the secret that opens it.
    const secret = () => this.#current && this.#secret.own()
    this.tabs = new Tabs(given.name, (message) => this.#hear(message), secret)
    this.#secret = new TabSecret(given.name, this.tabs)
    const isSealed = given.storage === 'sealed'
    this.#vault = isSealed ? new SealedVault(given.name, this.#secret, given.clock) : new MemoryVault()
  }

  get current(): Current | undefined {
    return this.#current
  }

  get persistence(): Vault['persistence'] {
    return this.#vault.persistence
  }

  /** Refuses limits that cannot be: `misuse_session_limits`. */
  checkLimits(): void {
    const { core, limits, clock } = this.#given
    core.call((glue) => glue.standing(limits, clock(), clock(), clock()))
  }

  /** How long the session lasts from now on. Throws `session_*` when it is over. */
  standing({ view }: Current): Standing {
    const { core, limits, clock } = this.#given
    return core.ask((glue) => glue.standing(limits, view.startedAt, this.#activity, clock()))
  }

  /** Reads what the tabs keep, when a page begins. */
  async open(): Promise<void> {
    await this.read()
    // What it would open is gone, or sealed anew with another.
    if (this.#current === undefined) this.#secret.forget()
  }

  /** Reads what the tabs keep, unless it is what this one has. */
  read(): Promise<void> {
    this.#reading ??= this.#read()
      .catch((error: unknown) => {
        // A database that does not answer says nothing about the session: what this tab has, it has.
        if (error instanceof PortvaktError) throw error
      })
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  /** Whether the session is still the one with this id, in any of the tabs. */
  async is(id: string): Promise<boolean> {
    const mark = await this.#vault.mark().catch(() => undefined)
    return this.#current?.kept.id === id && mark?.id === id
  }

  /** A session is about to begin, if all goes well. */
  prepare(): void {
    this.#vault.prepare()
  }

  /** Makes this the session of all tabs. */
  async begin(kept: Kept, view: SessionView): Promise<void> {
    await this.replace(undefined, kept, view)
  }

  /** Puts the renewed session in the place of the one before, unless another has come there meanwhile. */
  async replace(before: Mark | undefined, kept: Kept, view: SessionView): Promise<boolean> {
    let isReplaced = true
    try {
      isReplaced = await this.#vault.write(kept, before)
    } catch {
      // The browser keeps no database, or no keys in it: then the session lives as long as the page.
      this.#vault = new MemoryVault()
      await this.#vault.write(kept)
    }
    if (isReplaced) {
      this.#adopt({ kept, view })
      this.tabs.tell({ kind: 'changed' })
    }
    return isReplaced
  }

  /** Ends the session in all tabs; without a reason, because the person signed out. */
  end(error?: PortvaktError): Promise<void> {
    const id = this.#current?.kept.id
    this.#overId = id
    if (id !== undefined) this.tabs.tell({ kind: 'ended', id, code: error?.code })
    this.#drop(error)
    // What cannot be removed cannot be opened either: the secret is gone.
    return id === undefined ? Promise.resolve() : this.#vault.clear(id).catch(() => {})
  }

  /** An error of the core, by its code. */
  failure(code: string): PortvaktError | undefined {
    try {
      this.#given.core.call((glue) => glue.fail(code))
    } catch (error) {
      return error as PortvaktError
    }
    return undefined
  }

  /** Notes that the person did something. */
  active(at: number): void {
    if (at <= this.#activity) return
    this.#activity = at
    this.#given.changed()
    this.tabs.tell({ kind: 'activity', at })
    this.#vault.touch(at).catch(() => {})
  }

  get activity(): number {
    return this.#activity
  }

  async #read(): Promise<void> {
    const mark = await this.#vault.mark()
    if (mark !== undefined && isSame(mark, this.#current?.kept)) {
      this.#activity = Math.max(this.#activity, mark.activity)
      return
    }
    const kept = mark && (await this.#vault.read())
    if (kept === undefined || kept.id === this.#overId) {
      if (this.#current !== undefined) this.#drop()
      return
    }
    const { core, client } = this.#given
    try {
      this.#adopt({ kept, view: core.ask((glue) => glue.read_session(client, kept.session)) })
    } catch (error) {
      if (!(error instanceof PortvaktError) || error.fault === 'environment') throw error
      // Of an older version, or for another configuration.
      this.#drop()
      await this.#vault.clear(kept.id)
    }
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case 'changed':
        if (this.persistence === 'sealed') this.read().catch(() => {})
        break
      case 'ended': {
        const { id, code } = message
        // This tab may have found that it is gone before it was told why. And in memory each tab has a session of its
        // own, but the provider has ended them together.
        const isMeant = this.#lastId === id || (this.persistence === 'memory' && this.#current !== undefined)
        this.#overId = id
        if (isMeant) this.#drop(code === undefined ? undefined : this.failure(code))
        break
      }
      case 'activity':
        this.#activity = Math.max(this.#activity, message.at)
        this.#given.changed()
    }
  }

  #adopt(current: Current): void {
    if (current.kept.id === this.#overId) return
    if (this.#current?.kept.id !== current.kept.id) this.#activity = 0
    this.#activity = Math.max(this.#activity, current.kept.activity)
    this.#current = current
    this.#lastId = current.kept.id
    this.error = undefined
    this.#given.changed()
  }

  #drop(error?: PortvaktError): void {
    this.#current = undefined
    this.error = error
    this.#secret.forget()
    this.#given.changed()
  }
}
