// A login: whose it is, and which password opens it. An unknown user name is answered as a wrong
// password: the same work, rows and words.

import type { Answer, Delayed } from '../../answer.ts'
import { deviceId } from '../../auth/passwords/device-cookie.ts'
import { FREE_PER_SOURCE, FREE_PER_USERNAME } from '../../auth/passwords/failure-delay.ts'
import {
  checkPassword,
  type Derive,
  hashPassword,
  PARAMETERS,
  SALT_LENGTH,
} from '../../auth/passwords/password.ts'
import type { AttemptSource, Device, Verified } from '../../contract.ts'
import { type FailureSource, FailuresBySource } from './failures-by-source.ts'
import { KnownDevices } from './known-devices.ts'
import { type LoginRow, SqlLogin } from './sql-login.ts'

/** Answers for its object as `LoginCalls` says, with the storage as an argument. */
export class Login {
  readonly #stored: SqlLogin
  readonly #failures: FailuresBySource
  readonly #devices: KnownDevices
  readonly #derive: Derive | undefined

  /** `derive` takes the place of scrypt. */
  constructor(storage: DurableObjectStorage, derive?: Derive) {
    this.#stored = new SqlLogin(storage)
    this.#failures = new FailuresBySource(storage)
    this.#devices = new KnownDevices(storage.sql)
    this.#derive = derive
  }

  async register(
    personId: string,
    password: string,
    from: AttemptSource,
  ): Promise<Answer<null> & Device> {
    const known = this.#stored.get()
    if (known) return this.#registerAgain(known, personId, password, from)
    const hash = await this.#hash(password)
    // Somebody else may have been faster.
    if (this.#stored.get()) return { refused: 'username-taken' }
    this.#stored.add({ personId, password: hash })
    return { value: null, ...this.#device(from) }
  }

  /** The first device that has signed in before; undefined if none has. */
  trusted(devices: readonly string[]): string | undefined {
    if (devices.length === 0 || !this.#stored.get()) return undefined
    this.#stored.migrate()
    return this.#devices.find(devices)
  }

  async verify(password: string, from: AttemptSource): Promise<Verified> {
    const answer = await this.#attempt(password, from)
    if ('refused' in answer) return answer
    return { value: answer.value.personId, ...this.#device(from) }
  }

  async changePassword(password: string, next: string, from: AttemptSource): Promise<Verified> {
    const answer = await this.#attempt(password, from)
    if ('refused' in answer) return answer
    const changed = this.#stored.replace(answer.value, await this.#hash(next))
    if (!changed) return { refused: 'credentials-invalid' }
    this.#devices.forget()
    return { value: answer.value.personId, ...this.#device({ ...from, devices: [] }) }
  }

  claim(personId: string): string {
    const known = this.#stored.get()
    if (known) return known.personId
    this.#stored.add({ personId, password: null })
    return personId
  }

  /** If a provider's subject was that person's, it is nobody's from now on. */
  async release(personId: string): Promise<void> {
    const known = this.#stored.get()
    if (known?.personId === personId && known.password === null) await this.#stored.remove()
  }

  /**
   * If a user name that its account does not use was that person's, it is nobody's from now on
   * (A5).
   */
  async withdraw(personId: string): Promise<void> {
    const known = this.#stored.get()
    if (known?.personId === personId && known.password !== null) await this.#stored.remove()
  }

  owner(): string | null {
    return this.#stored.get()?.personId ?? null
  }

  /** Forgets old failures, and the whole of a user name that nobody has. `now` in milliseconds. */
  async forget(now: number): Promise<void> {
    if (!this.#stored.isStored) return
    this.#stored.migrate()
    if ((await this.#failures.forget(now)) && !this.#stored.get()) await this.#stored.remove()
  }

  /** One attempt at the password, if it is time for one. */
  async #attempt(password: string, from: AttemptSource): Promise<Answer<LoginRow> | Delayed> {
    this.#stored.migrate()
    const sources = this.#sources(from)
    const delayed = await this.#failures.count(sources, Date.now())
    if (delayed) return delayed
    const login = this.#stored.get()
    const kept = login?.password ?? undefined
    const { holds, outdated } = await checkPassword(password, kept, this.#derive)
    if (!login || !holds) return { refused: 'credentials-invalid' }
    const hash = outdated ? await this.#hash(password) : login.password
    // The password may have been changed meanwhile: then this one is wrong now.
    if (!this.#stored.replace(login, hash)) return { refused: 'credentials-invalid' }
    this.#failures.takeBack(sources)
    return { value: { ...login, password: hash } }
  }

  /** A guest who registers again, because the answer was lost, proves it by the password. */
  async #registerAgain(
    known: LoginRow,
    personId: string,
    password: string,
    from: AttemptSource,
  ): Promise<Answer<null> & Device> {
    if (known.personId !== personId) return { refused: 'username-taken' }
    const answer = await this.#attempt(password, from)
    if ('refused' in answer) return { refused: 'username-taken' }
    return { value: null, ...this.#device(from) }
  }

  /**
   * What an attempt counts against: a known device alone, or else the address and all unknown
   * devices together.
   */
  #sources({ address, devices }: AttemptSource): readonly FailureSource[] {
    const device = this.trusted(devices)
    if (device !== undefined) return [{ name: `device ${deviceId(device)}`, free: FREE_PER_SOURCE }]
    return [
      { name: `address ${address}`, free: FREE_PER_SOURCE },
      { name: 'everybody', free: FREE_PER_USERNAME },
    ]
  }

  /** The device cookie for the browser, if it is to keep one. */
  #device({ devices, keeps }: AttemptSource): Device {
    if (!keeps) return {}
    return { device: this.trusted(devices) ?? this.#devices.make() }
  }

  #hash(password: string): Promise<string> {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH))
    return hashPassword(password, salt, PARAMETERS, this.#derive)
  }
}
