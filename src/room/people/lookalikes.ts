// Names that look like another person's here: they are marked, never refused (UTS 39).

import { lookOf } from '../../look.ts'
import type { Connection } from '../ports.ts'

/** A name that somebody here has. Accounts come before guests, then whoever came first. */
interface Claim {
  readonly look: string
  readonly id: string
  readonly guest: boolean
  readonly since: number
}

interface Alike {
  readonly claims: Set<Claim>
  /** The first of them by `isBefore`; undefined: to be computed. */
  first: Claim | undefined
}

/**
 * The connections of a room by the look of their names. Memory: it follows from the sessions (H1).
 */
export class Lookalikes {
  readonly #alike = new Map<string, Alike>()
  readonly #claims = new Map<Connection, Claim>()

  /** Begins anew: the caller puts every connection again. */
  clear(): void {
    this.#alike.clear()
    this.#claims.clear()
  }

  /** A connection has come through CONNECT, or goes on by another token. */
  put(connection: Connection): void {
    const claim = claimOf(connection)
    if (!claim) return
    this.drop(connection)
    this.#claims.set(connection, claim)
    const alike = this.#alike.get(claim.look)
    if (!alike) {
      this.#alike.set(claim.look, { claims: new Set([claim]), first: claim })
      return
    }
    alike.claims.add(claim)
    if (alike.first && isBefore(claim, alike.first)) alike.first = claim
  }

  /** A connection has ended. */
  drop(connection: Connection): void {
    const claim = this.#claims.get(connection)
    const alike = claim && this.#alike.get(claim.look)
    if (!alike) return
    this.#claims.delete(connection)
    alike.claims.delete(claim)
    if (alike.claims.size === 0) this.#alike.delete(claim.look)
    // R6: the next one is computed when it is asked for, and only if the first has gone.
    else if (alike.first === claim) alike.first = undefined
  }

  /** The id of the person here who has the first claim to a look. */
  first(look: string): string | undefined {
    const alike = this.#alike.get(look)
    if (!alike) return undefined
    alike.first ??= [...alike.claims].reduce((best, claim) =>
      isBefore(claim, best) ? claim : best,
    )
    return alike.first.id
  }
}

function claimOf({ session }: Connection): Claim | undefined {
  if (session.phase !== 'connected') return undefined
  const { principal, openedAt: since = 0 } = session
  const { id, guest = false } = principal
  return { look: lookOfPerson(principal), id, guest, since }
}

function isBefore(one: Claim, other: Claim): boolean {
  if (one.guest !== other.guest) return other.guest
  return one.since === other.since ? one.id < other.id : one.since < other.since
}

interface Named {
  readonly name: string
}

/** A principal is kept as long as its session, and asked with every message. */
const known = new WeakMap<Named, string>()

/** What the name of somebody looks like. */
export function lookOfPerson(person: Named): string {
  let look = known.get(person)
  if (look === undefined) {
    look = lookOf(person.name)
    known.set(person, look)
  }
  return look
}
