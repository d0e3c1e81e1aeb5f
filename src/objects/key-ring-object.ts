// The keeper of the signing keys: one object, a key made at first use, no secret to set up.

import { DurableObject } from 'cloudflare:workers'
import type { JWK } from 'jose'
import { generateSigningJwk, type KeyMaterial, publicHalf } from '../auth/keys.ts'
import { type Migrations, migrate } from './migrate.ts'

const MIGRATIONS: Migrations = [
  (sql) => {
    sql.exec(`CREATE TABLE keys (
      id INTEGER PRIMARY KEY, jwk TEXT NOT NULL, created_at INTEGER NOT NULL
    ) STRICT`)
  },
]

export class KeyRingObject extends DurableObject {
  /** The private key that signs now, and the public halves of all. For the gateway alone. */
  async material(): Promise<KeyMaterial> {
    const keys = await this.#keys()
    const signing = keys.at(-1)
    if (!signing) throw new Error('the key ring is empty')
    return { signing, verifying: { keys: keys.map(publicHalf) } }
  }

  /** The public halves, as a JWK set (RFC 7517, section 5). */
  async publicKeys(): Promise<KeyMaterial['verifying']> {
    return (await this.material()).verifying
  }

  async #keys(): Promise<JWK[]> {
    migrate(this.ctx.storage, MIGRATIONS)
    const kept = this.#kept()
    if (kept.length > 0) return kept
    const jwk = await generateSigningJwk()
    // Because another call may have made one while this one waited.
    if (this.#kept().length === 0) {
      this.ctx.storage.sql.exec(
        'INSERT INTO keys (jwk, created_at) VALUES (?, ?)',
        JSON.stringify(jwk),
        Date.now(),
      )
    }
    return this.#kept()
  }

  #kept(): JWK[] {
    const rows = this.ctx.storage.sql.exec<{ jwk: string }>('SELECT jwk FROM keys ORDER BY id')
    return rows.toArray().map(({ jwk }) => JSON.parse(jwk) as JWK)
  }
}
