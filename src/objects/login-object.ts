// One way to sign in, as a Durable Object: whose it is, and for a user name the password. A user name that
// nobody has is answered as one with another password: same work, same rows, same words.

import { DurableObject } from 'cloudflare:workers'
import { audit } from '../audit.ts'
import { FREE_PER_ACCOUNT } from '../auth/failures.ts'
import { checkPassword, hashPassword, SALT_LENGTH } from '../auth/password.ts'
import { createFailures, type Delayed, FailureRecord } from './failure-record.ts'
import { type Migrations, migrate, storedVersion } from './migrate.ts'
import type { Answer } from './room-object.ts'

const MIGRATIONS: Migrations = [
  (sql) => {
    // `password` is a PHC string; null where it is a provider that vouches.
    sql.exec('CREATE TABLE login (person_id TEXT NOT NULL, password TEXT) STRICT')
    createFailures(sql)
  },
]

type LoginRow = { person_id: string; password: string | null }

/** What gateway/backend.ts says of a Login. */
export class LoginObject extends DurableObject<unknown> {
  async register(personId: string, password: string): Promise<Answer<null>> {
    const known = this.#login()
    if (known) return this.#registeredBefore(known, personId, password)
    const hash = await hashPassword(password, newSalt())
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
    const { person_id: user } = answer.value
    const changed = this.#replace(answer.value, await hashPassword(next, newSalt()))
    if (!changed) return { refused: 'credentials-invalid' }
    audit({ event: 'password-changed', user })
    return { value: user }
  }

  async claim(personId: string): Promise<string> {
    const known = this.#login()
    if (known) return known.person_id
    this.#add(personId, null)
    return personId
  }

  override async alarm(): Promise<void> {
    if (storedVersion(this.ctx.storage.sql) === 0) return
    const forgotten = await this.#failures().forget(Date.now())
    if (forgotten && !this.#login()) await this.ctx.storage.deleteAll()
  }

  /** One attempt at the password, if it is time for one. */
  async #attempt(password: string): Promise<Answer<LoginRow> | Delayed> {
    migrate(this.ctx.storage, MIGRATIONS)
    const delayed = await this.#failures().attempt(Date.now())
    if (delayed) return delayed
    const login = this.#login()
    const { holds, outdated } = await checkPassword(password, login?.password ?? undefined)
    if (!login || !holds) return { refused: 'credentials-invalid' }
    const hash = outdated ? await hashPassword(password, newSalt()) : login.password
    // Because the password may have been changed meanwhile: then this one holds no more.
    if (!this.#replace(login, hash)) return { refused: 'credentials-invalid' }
    this.#failures().takeBack()
    return { value: { ...login, password: hash } }
  }

  /** A guest who registers again, having never heard that it worked, proves it by the password. */
  async #registeredBefore(
    known: LoginRow,
    personId: string,
    password: string,
  ): Promise<Answer<null>> {
    if (known.person_id !== personId) return { refused: 'username-taken' }
    const answer = await this.#attempt(password)
    return 'value' in answer ? { value: null } : { refused: 'username-taken' }
  }

  #login(): LoginRow | undefined {
    const { sql } = this.ctx.storage
    if (storedVersion(sql) === 0) return undefined
    return sql.exec<LoginRow>('SELECT person_id, password FROM login').toArray()[0]
  }

  #add(personId: string, password: string | null): void {
    migrate(this.ctx.storage, MIGRATIONS)
    const insert = 'INSERT INTO login (person_id, password) VALUES (?, ?)'
    this.ctx.storage.sql.exec(insert, personId, password)
  }

  /** Puts another hash in the place of a known one; false where that is not the one any more. */
  #replace({ password }: LoginRow, next: string | null): boolean {
    if (this.#login()?.password !== password) return false
    if (next !== password) this.ctx.storage.sql.exec('UPDATE login SET password = ?', next)
    return true
  }

  #failures(): FailureRecord {
    return new FailureRecord(this.ctx.storage, FREE_PER_ACCOUNT)
  }
}

const newSalt = () => crypto.getRandomValues(new Uint8Array(SALT_LENGTH))
