// A login in its object: whose it is, and the password where there is one. A user name that nobody has is
// answered as one with another password: same work, same rows, same words.

import { FREE_PER_ACCOUNT } from '../auth/failures.ts'
import {
  checkPassword,
  type Derive,
  hashPassword,
  PARAMETERS,
  SALT_LENGTH,
} from '../auth/password.ts'
import type { Answer } from './answer.ts'
import { createFailures, type Delayed, FailureRecord } from './failure-record.ts'
import { type Migrations, migrate, storedVersion } from './migrate.ts'

export const MIGRATIONS: Migrations = [
  (sql) => {
    // `password` is a PHC string; null where it is a provider that vouches.
    sql.exec('CREATE TABLE login (person_id TEXT NOT NULL, password TEXT) STRICT')
    createFailures(sql)
  },
]

type Login = { person_id: string; password: string | null }

export class HostedLogin {
  readonly #storage: DurableObjectStorage
  readonly #failures: FailureRecord
  readonly #derive: Derive | undefined

  /** `derive` takes the place of scrypt. */
  constructor(storage: DurableObjectStorage, derive?: Derive) {
    this.#storage = storage
    this.#failures = new FailureRecord(storage, FREE_PER_ACCOUNT)
    this.#derive = derive
  }

  async register(personId: string, password: string): Promise<Answer<null>> {
    const known = this.#login()
    if (known) return this.#registerAgain(known, personId, password)
    const hash = await this.#hash(password)
    // Because somebody else may have been faster.
    if (this.#login()) return { refused: 'username-taken' }
    this.#add(personId, hash)
    return { value: null }
  }

  async verify(password: string): Promise<Answer<string> | Delayed> {
    const answer = await this.#attempt(password)
    return 'value' in answer ? { value: answer.value.person_id } : answer
  }

  async changePassword(password: string, next: string): Promise<Answer<string> | Delayed> {
    const answer = await this.#attempt(password)
    if ('refused' in answer) return answer
    const changed = this.#replace(answer.value, await this.#hash(next))
    return changed ? { value: answer.value.person_id } : { refused: 'credentials-invalid' }
  }

  claim(personId: string): string {
    const known = this.#login()
    if (known) return known.person_id
    this.#add(personId, null)
    return personId
  }

  owner(): string | null {
    return this.#login()?.person_id ?? null
  }

  /** Forgets old failures, and the whole of a user name that nobody has. `now` in milliseconds. */
  async forget(now: number): Promise<void> {
    if (storedVersion(this.#storage.sql) === 0) return
    const forgotten = await this.#failures.forget(now)
    if (forgotten && !this.#login()) await this.#storage.deleteAll()
  }

  /** One attempt at the password, if it is time for one. */
  async #attempt(password: string): Promise<Answer<Login> | Delayed> {
    migrate(this.#storage, MIGRATIONS)
    const delayed = await this.#failures.attempt(Date.now())
    if (delayed) return delayed
    const login = this.#login()
    const kept = login?.password ?? undefined
    const { holds, outdated } = await checkPassword(password, kept, this.#derive)
    if (!login || !holds) return { refused: 'credentials-invalid' }
    const hash = outdated ? await this.#hash(password) : login.password
    // Because the password may have been changed meanwhile: then this one holds no more.
    if (!this.#replace(login, hash)) return { refused: 'credentials-invalid' }
    this.#failures.takeBack()
    return { value: { ...login, password: hash } }
  }

  /** A guest who registers again, having never heard that it worked, proves it by the password. */
  async #registerAgain(known: Login, personId: string, password: string): Promise<Answer<null>> {
    if (known.person_id !== personId) return { refused: 'username-taken' }
    const answer = await this.#attempt(password)
    return 'value' in answer ? { value: null } : { refused: 'username-taken' }
  }

  #hash(password: string): Promise<string> {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH))
    return hashPassword(password, salt, PARAMETERS, this.#derive)
  }

  #login(): Login | undefined {
    const { sql } = this.#storage
    if (storedVersion(sql) === 0) return undefined
    return sql.exec<Login>('SELECT person_id, password FROM login').toArray()[0]
  }

  #add(personId: string, password: string | null): void {
    migrate(this.#storage, MIGRATIONS)
    const insert = 'INSERT INTO login (person_id, password) VALUES (?, ?)'
    this.#storage.sql.exec(insert, personId, password)
  }

  /** Puts another hash in the place of a known one; false where that is not the one any more. */
  #replace({ password }: Login, next: string | null): boolean {
    if (this.#login()?.password !== password) return false
    if (next !== password) this.#storage.sql.exec('UPDATE login SET password = ?', next)
    return true
  }
}
