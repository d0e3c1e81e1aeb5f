// Which members bear a name: a cache of the table `standings`. An index in the table would cost a
// row with each join. MAX_MEMBERS bounds the memory.

import { nameKey } from '../../../name-key.ts'
import type { MemberRow } from '../../../room/membership/member.ts'

/** Members, also those whose ban may have ended. */
const MEMBERS = `SELECT person_id, name FROM standings
  WHERE joined_at IS NOT NULL AND (standing <> 'banned' OR banned_until IS NOT NULL)`

const isListed = ({ joined, role, bannedUntil }: MemberRow): boolean =>
  joined !== undefined && (role !== 'banned' || bannedUntil !== undefined)

/** The ids of the members by name key, read when somebody first mentions a name. */
export class MemberNames {
  readonly #sql: SqlStorage
  /** The ids of those with a name, by name key; undefined: nobody asked since the room woke. */
  #bearers: Map<string, Set<string>> | undefined

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /**
   * The ids of those who bear one of the names, in round robin over the names: many people with one
   * name do not hide those with another.
   *
   * @param ofEach ids of one name at most.
   * @param limit ids at most.
   */
  bearers(nameKeys: readonly string[], ofEach: number, limit: number): string[] {
    this.#bearers ??= this.#read()
    const found = [...new Set(nameKeys)].flatMap((key) => {
      const ids = this.#bearers?.get(key)
      return ids ? [[...ids].sort().slice(0, ofEach)] : []
    })
    const longest = Math.max(0, ...found.map(({ length }) => length))
    const rounds = Array.from({ length: longest }, (_, place) => place)
    return rounds
      .flatMap((place) => found.flatMap((ids) => ids[place] ?? []).sort())
      .slice(0, limit)
  }

  /** A row was replaced, made (`before` undefined) or removed (`after` undefined). */
  replace(before: MemberRow | undefined, after: MemberRow | undefined): void {
    if (!this.#bearers) return
    if (before) this.#bearers.get(nameKey(before.name))?.delete(before.id)
    if (after && isListed(after)) this.#add(this.#bearers, nameKey(after.name), after.id)
  }

  /** Writes were undone. */
  forget(): void {
    this.#bearers = undefined
  }

  #read(): Map<string, Set<string>> {
    const bearers = new Map<string, Set<string>>()
    for (const [id, name] of this.#sql.exec(MEMBERS).raw<[id: string, name: string]>()) {
      this.#add(bearers, nameKey(name), id)
    }
    return bearers
  }

  #add(bearers: Map<string, Set<string>>, key: string, id: string): void {
    const ids = bearers.get(key)
    if (ids) ids.add(id)
    else bearers.set(key, new Set([id]))
  }
}
