// A login in its object: whose it is, and the password where there is one. A user name that nobody
// has is answered as one with another password: same work, same rows, same words.

import type { Answer, Delayed } from '../../answer.ts'
import { deviceId } from '../../auth/passwords/device-cookie.ts'
import { FREE_PER_SOURCE, FREE_PER_USERNAME } from '../../auth/passwords/failures.ts'
import {
  checkPassword,
  type Derive,
  hashPassword,
  PARAMETERS,
  SALT_LENGTH,
} from '../../auth/passwords/password.ts'
import type { AttemptSource, Device, Verified } from '../../contract.ts'
import { createFailures } from '../shared/failure-record.ts'
import { type Migrations, migrate, storedVersion } from '../shared/migrate.ts'
import { createDeviceKey, KnownDevices } from './known-devices.ts'
import { createSourceFailures, type FailureSource, SourceFailures } from './source-failures.ts'

export const MIGRATIONS: Migrations = [
  (sql) => {
    // `password` is a PHC string; null where it is a provider that vouches.
    sql.exec('CREATE TABLE login (person_id TEXT NOT NULL, password TEXT) STRICT')
    createFailures(sql)
  },
  (sql) => {
    // `failures` stays, for the version before: it counted those of all sources as one.
    createSourceFailures(sql)
    createDeviceKey(sql)
  },
]

type LoginRow = { person_id: string; password: string | null }

export class Login {
  readonly #storage: DurableObjectStorage
  readonly #failures: SourceFailures
  readonly #devices: KnownDevices
  readonly #derive: Derive | undefined

  /** `derive` takes the place of scrypt. */
  constructor(storage: DurableObjectStorage, derive?: Derive) {
    this.#storage = storage
    this.#failures = new SourceFailures(storage)
    this.#devices = new KnownDevices(storage.sql)
    this.#derive = derive
  }

  async register(
    personId: string,
    password: string,
    from: AttemptSource,
  ): Promise<Answer<null> & Device> {
    const known = this.#login()
    if (known) return this.#registerAgain(known, personId, password, from)
    const hash = await this.#hash(password)
    // Somebody else may have been faster.
    if (this.#login()) return { refused: 'username-taken' }
    this.#add(personId, hash)
    return { value: null, ...this.#device(from) }
  }

  /** That of the devices which has signed in before; undefined where none has. */
  trusted(devices: readonly string[]): string | undefined {
    if (devices.length === 0 || !this.#login()) return undefined
    migrate(this.#storage, MIGRATIONS)
    return this.#devices.find(devices)
  }

  async verify(password: string, from: AttemptSource): Promise<Verified> {
    const answer = await this.#attempt(password, from)
    if ('refused' in answer) return answer
    return { value: answer.value.person_id, ...this.#device(from) }
  }

  async changePassword(password: string, next: string, from: AttemptSource): Promise<Verified> {
    const answer = await this.#attempt(password, from)
    if ('refused' in answer) return answer
    const changed = this.#replace(answer.value, await this.#hash(next))
    if (!changed) return { refused: 'credentials-invalid' }
    this.#devices.forget()
    return { value: answer.value.person_id, ...this.#device({ ...from, devices: [] }) }
  }

  claim(personId: string): string {
    const known = this.#login()
    if (known) return known.person_id
    this.#add(personId, null)
    return personId
  }

  /** A provider's subject is nobody's again, where it was that person's. */
  async release(personId: string): Promise<void> {
    const known = this.#login()
    if (known?.person_id === personId && known.password === null) await this.#storage.deleteAll()
  }

  /**
   * A user name that its account does not go by is nobody's again, where it was that person's (A5).
   */
  async withdraw(personId: string): Promise<void> {
    const known = this.#login()
    if (known?.person_id === personId && known.password !== null) await this.#storage.deleteAll()
  }

  owner(): string | null {
    return this.#login()?.person_id ?? null
  }

  /** Forgets old failures, and the whole of a user name that nobody has. `now` in milliseconds. */
  async forget(now: number): Promise<void> {
    if (storedVersion(this.#storage.sql) === 0) return
    migrate(this.#storage, MIGRATIONS)
    if ((await this.#failures.forget(now)) && !this.#login()) await this.#storage.deleteAll()
  }

  /** One attempt at the password, if it is time for one. */
  async #attempt(password: string, from: AttemptSource): Promise<Answer<LoginRow> | Delayed> {
    migrate(this.#storage, MIGRATIONS)
    const sources = this.#sources(from)
    const delayed = await this.#failures.attempt(sources, Date.now())
    if (delayed) return delayed
    const login = this.#login()
    const kept = login?.password ?? undefined
    const { holds, outdated } = await checkPassword(password, kept, this.#derive)
    if (!login || !holds) return { refused: 'credentials-invalid' }
    const hash = outdated ? await this.#hash(password) : login.password
    // The password may have been changed meanwhile: then this one holds no more.
    if (!this.#replace(login, hash)) return { refused: 'credentials-invalid' }
    this.#failures.takeBack(sources)
    return { value: { ...login, password: hash } }
  }

  /** A guest who registers again, having never heard that it worked, proves it by the password. */
  async #registerAgain(
    known: LoginRow,
    personId: string,
    password: string,
    from: AttemptSource,
  ): Promise<Answer<null> & Device> {
    if (known.person_id !== personId) return { refused: 'username-taken' }
    const answer = await this.#attempt(password, from)
    if ('refused' in answer) return { refused: 'username-taken' }
    return { value: null, ...this.#device(from) }
  }

  /**
   * What an attempt counts against: a device that is known, that device alone; everybody else, the
   * address, and all who are unknown.
   */
  #sources({ address, devices }: AttemptSource): readonly FailureSource[] {
    const device = this.trusted(devices)
    if (device !== undefined) return [{ name: `device ${deviceId(device)}`, free: FREE_PER_SOURCE }]
    return [
      { name: `address ${address}`, free: FREE_PER_SOURCE },
      { name: 'everybody', free: FREE_PER_USERNAME },
    ]
  }

  /** What the browser is known by from now on, where it is to be. */
  #device({ devices, keeps }: AttemptSource): Device {
    if (!keeps) return {}
    return { device: this.trusted(devices) ?? this.#devices.make() }
  }

  #hash(password: string): Promise<string> {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH))
    return hashPassword(password, salt, PARAMETERS, this.#derive)
  }

  #login(): LoginRow | undefined {
    const { sql } = this.#storage
    if (storedVersion(sql) === 0) return undefined
    return sql.exec<LoginRow>('SELECT person_id, password FROM login').toArray()[0]
  }

  #add(personId: string, password: string | null): void {
    migrate(this.#storage, MIGRATIONS)
    const insert = 'INSERT INTO login (person_id, password) VALUES (?, ?)'
    this.#storage.sql.exec(insert, personId, password)
  }

  /** Puts another hash in the place of a known one; false where that is not the one any more. */
  #replace({ password }: LoginRow, next: string | null): boolean {
    if (this.#login()?.password !== password) return false
    if (next !== password) this.#storage.sql.exec('UPDATE login SET password = ?', next)
    return true
  }
}
