import { fromBase64url } from '../base64url.js'
import type { TabSecret } from './secret.js'
import { type Kept, type Mark, type Vault, isSame } from './vault.js'

/** The one database, and the one store in it; a record for each client. */
const DATABASE = 'portvakt'
const STORE = 'sessions'

/** How long a record that nobody can open is left for a tab that sleeps, in seconds: as long as a session can last. */
const MAX_AGE_SECONDS = 2 * 60 * 60

/** A session in the database. */
interface Sealed extends Mark {
  /** One half of what opens it; the other is the tabs' secret. It cannot be read out of the browser. */
  readonly key: CryptoKey
  readonly iv: Uint8Array<ArrayBuffer>
  readonly text: ArrayBuffer
  readonly proofKeys: CryptoKeyPair | undefined
}

/** What a session is about to be sealed with: the key that lies beside it, and what it becomes with the tabs' secret. */
interface FreshKey {
  readonly key: CryptoKey
  readonly secret: string
  readonly derived: CryptoKey
}

/**
 * Keeps a session in IndexedDB, sealed with AES-GCM.
 *
 * Its key is derived from one that lies beside it and cannot be extracted, and from a secret of the open tabs. So
 * neither the database alone nor the tab's storage alone opens it, and nothing does once the last tab is closed.
 */
export class SealedVault implements Vault {
  readonly persistence = 'sealed'
  readonly #client: string
  readonly #secret: TabSecret
  readonly #clock: () => number
  #prepared: Promise<FreshKey> | undefined

  constructor(client: string, secret: TabSecret, clock: () => number) {
    this.#client = client
    this.#secret = secret
    this.#clock = clock
  }

  prepare(): void {
    ahead ??= opened()
    this.#prepared ??= this.#fresh()
    // Whoever uses them is told.
    for (const promise of [ahead, this.#prepared]) promise.catch(() => {})
  }

  async mark(): Promise<Mark | undefined> {
    return this.#record()
  }

  async read(): Promise<Kept | undefined> {
    const record = await this.#record()
    if (record === undefined) return undefined
    const kept = await this.#secret.tried((secret) => this.#opened(record, secret))
    if (kept !== undefined) return kept
    if (this.#clock() > record.activity + MAX_AGE_SECONDS) await this.clear(record.id)
    return undefined
  }

  async write(kept: Kept, before?: Mark): Promise<boolean> {
    const record = await this.#sealed(kept)
    if (before !== undefined) return this.#change((stored) => (isSame(before, stored) ? record : undefined))
    return transaction('readwrite', (store, done) => {
      store.put(record, this.#client).onsuccess = () => done(true)
      store.transaction.commit()
    })
  }

  async touch(activity: number): Promise<void> {
    await this.#change((stored) => stored && { ...stored, activity: Math.max(activity, stored.activity) })
  }

  async clear(id: string): Promise<void> {
    await this.#change((stored) => (stored?.id === id ? null : undefined))
  }

  #record(): Promise<Sealed | undefined> {
    return transaction('readonly', (store, done) => {
      const request = store.get(this.#client)
      request.onsuccess = () => done(request.result as Sealed | undefined)
    })
  }

  /** Reads and writes in one transaction, so that nothing comes between; null removes, undefined leaves as it is. */
  #change(next: (stored: Sealed | undefined) => Sealed | null | undefined): Promise<boolean> {
    return transaction('readwrite', (store, done) => {
      const request = store.get(this.#client)
      request.onsuccess = () => {
        const record = next(request.result as Sealed | undefined)
        if (record === undefined) return done(false)
        const change = record === null ? store.delete(this.#client) : store.put(record, this.#client)
        change.onsuccess = () => done(true)
        store.transaction.commit()
      }
    })
  }

  /** A key to seal one session with, of the secret that the tab has now. */
  async #fresh(): Promise<FreshKey> {
    const secret = this.#secret.ensure()
    const bytes = crypto.getRandomValues(new Uint8Array(32))
    const key = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey'])
    bytes.fill(0)
    return { key, secret, derived: await this.#derived(key, secret) }
  }

  async #sealed({ id, epoch, activity, session, request, proofKeys }: Kept): Promise<Sealed> {
    const prepared = this.#prepared
    this.#prepared = undefined
    let fresh = await (prepared ?? this.#fresh())
    // What it was derived from may have been forgotten meanwhile: another tab has signed out.
    if (fresh.secret !== this.#secret.own()) fresh = await this.#fresh()
    const { key, derived } = fresh
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const parameters = { name: 'AES-GCM', iv, additionalData: utf8(`${id} ${epoch}`) }
    const plain = utf8(JSON.stringify({ session, request }))
    const text = await crypto.subtle.encrypt(parameters, derived, plain)
    return { id, epoch, activity, key, iv, text, proofKeys }
  }

  async #opened({ id, epoch, activity, key, iv, text, proofKeys }: Sealed, secret: string): Promise<Kept | undefined> {
    try {
      const parameters = { name: 'AES-GCM', iv, additionalData: utf8(`${id} ${epoch}`) }
      const plain = await crypto.subtle.decrypt(parameters, await this.#derived(key, secret), text)
      const { session, request } = JSON.parse(new TextDecoder().decode(plain)) as Pick<Kept, 'session' | 'request'>
      return { id, epoch, activity, session, request, ...(proofKeys && { proofKeys }) }
    } catch {
      // Sealed with another secret, or not by us.
      return undefined
    }
  }

  async #derived(key: CryptoKey, secret: string): Promise<CryptoKey> {
    const parameters = { name: 'HKDF', hash: 'SHA-256', salt: fromBase64url(secret), info: utf8(this.#client) }
    return crypto.subtle.deriveKey(parameters, key, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  }
}

/** One transaction on a connection of its own: an open one would keep the page out of the back/forward cache. */
async function transaction<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, done: (result: T) => void) => void,
): Promise<T> {
  const connection = ahead ?? opened()
  ahead = undefined
  const database = await connection
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      let result: T
      work(transaction.objectStore(STORE), (value) => {
        result = value
      })
      transaction.oncomplete = () => resolve(result)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}

/** A connection that was opened while there was time, for the next transaction. */
let ahead: Promise<IDBDatabase> | undefined

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
