// The keeper of the signing keys: one object, a key is made at first use and rotated in time, so
// there is no secret to set up.

import { DurableObject } from 'cloudflare:workers'
import type { JWK } from 'jose'
import { audit } from '../../audit.ts'
import { FLOW_LIFETIME } from '../../auth/openid/flow.ts'
import {
  generateSigningJwk,
  isKeyExpired,
  type KeyMaterial,
  publicHalf,
  type RingKey,
  rotationIsDue,
} from '../../auth/tokens/keys.ts'
import { type Config, readConfig } from '../../config.ts'
import type { KeyRingCalls } from '../../contract.ts'
import { type Migrations, migrate } from '../shared/migrate.ts'

/** The steps to the newest version of the storage of keys. A deployed step never changes. */
export const MIGRATIONS: Migrations = [
  (sql) => {
    sql.exec(`CREATE TABLE keys (
      id INTEGER PRIMARY KEY, jwk TEXT NOT NULL, created_at INTEGER NOT NULL
    ) STRICT`)
  },
]

type Row = { id: number; jwk: string; created_at: number }

/** The one key ring of a deployment. It makes its first key when it is first asked. */
export class KeyRingObject extends DurableObject<unknown> implements KeyRingCalls {
  readonly #config: Config

  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env)
    this.#config = readConfig(env)
  }

  /** The private key that signs now, and the public halves of all. For the gateway alone. */
  async material(): Promise<KeyMaterial> {
    migrate(this.ctx.storage, MIGRATIONS)
    if (this.#isDue()) {
      const jwk = await generateSigningJwk()
      // Another call may have made a key while this one waited.
      if (this.#isDue()) this.#add(jwk, false)
    }
    this.#removeSpent()
    const ring = this.#ring()
    const signing = ring.at(-1)?.jwk
    if (!signing) throw new Error('the key ring is empty')
    return { signing, verifying: { keys: ring.map(({ jwk }) => publicHalf(jwk)) } }
  }

  /** The public halves, as a JWK set (RFC 7517, section 5). */
  async publicKeys(): Promise<KeyMaterial['verifying']> {
    return (await this.material()).verifying
  }

  /** Makes a new key and returns its id. `compromised`: those before it are deleted at once. */
  async rotate(compromised: boolean): Promise<string> {
    migrate(this.ctx.storage, MIGRATIONS)
    const jwk = await generateSigningJwk()
    if (compromised) this.ctx.storage.sql.exec('DELETE FROM keys')
    this.#add(jwk, compromised)
    return jwk.kid
  }

  #isDue(): boolean {
    return rotationIsDue(this.#ring(), this.#config.keyLifetime, Date.now())
  }

  #add(jwk: JWK & { kid: string }, compromised: boolean): void {
    const insert = 'INSERT INTO keys (jwk, created_at) VALUES (?, ?)'
    this.ctx.storage.sql.exec(insert, JSON.stringify(jwk), Date.now())
    audit({ event: 'keys-rotated', kid: jwk.kid, compromised })
  }

  /** Deletes the keys of which no token holds any more. */
  #removeSpent(): void {
    const { access, ticketSeconds } = this.#config
    const longest = Math.max(access.lifetime + ticketSeconds, FLOW_LIFETIME)
    const ring = this.#ring()
    for (const [index, { id }] of ring.entries()) {
      if (isKeyExpired(ring[index + 1], longest, Date.now())) {
        this.ctx.storage.sql.exec('DELETE FROM keys WHERE id = ?', id)
      }
    }
  }

  /** The oldest first. */
  #ring(): (RingKey & { readonly id: number })[] {
    const rows = this.ctx.storage.sql.exec<Row>('SELECT id, jwk, created_at FROM keys ORDER BY id')
    return rows.toArray().map(({ id, jwk, created_at }) => ({
      id,
      jwk: JSON.parse(jwk) as JWK,
      createdAt: created_at,
    }))
  }
}
