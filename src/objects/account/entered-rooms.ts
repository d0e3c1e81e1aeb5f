// The rooms where a sign-in may have sockets, in the SQLite of a person's account: one row for each pair of the two,
// so that its end is told there and nowhere else (A5). A row has the entries that are open: each is noted before the
// room lets the socket in, and forgotten when the room says that it has gone. An entry that is on its way is never
// forgotten for another that leaves.

/** Rooms in which one sign-in may have sockets at once. */
const MAX_ROOMS = 200

/** Entries kept of one room. Of those before them it is not known any more when they leave. */
const MAX_ENTRIES = 32
/** Stands for those: nothing that leaves is called so. */
const UNKNOWN = ''

/** Seconds: no token of a trusted issuer that was shown at an entry outlives it by more. */
const FOREIGN_LIFE = 90_000
/** Milliseconds that entering may take. */
const ENTERING = 60_000
/** Milliseconds for which older versions took a room for just entered. */
const ENTERED = 3_600_000

/** Who enters, and by what: the id of a ticket, or one made for this entry. */
export interface Entry {
  readonly sessionId: string
  readonly roomId: string
  readonly entry: string
}

type Row = { entries: string }

export class EnteredRooms {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Whether one more room would be too many for a sign-in. */
  isFull({ sessionId, roomId }: Pick<Entry, 'sessionId' | 'roomId'>): boolean {
    if (this.#entries(sessionId, roomId)) return false
    const query = 'SELECT count(*) AS rooms FROM entered_rooms WHERE session_id = ?'
    return this.#sql.exec<{ rooms: number }>(query, sessionId).one().rooms >= MAX_ROOMS
  }

  /** Notes an entry. Those of a trusted issuer's sign-in end with its tokens, as far as the account knows. */
  enter({ sessionId, roomId, entry }: Entry, foreign: boolean, now: number): void {
    const seconds = Math.floor(now / 1000)
    if (foreign) this.#sql.exec('DELETE FROM entered_rooms WHERE until <= ?', seconds)
    const open = this.#entries(sessionId, roomId) ?? []
    if (!open.includes(entry)) open.push(entry)
    const kept = open.length > MAX_ENTRIES ? [UNKNOWN, ...open.slice(2)] : open
    this.#sql.exec(
      `INSERT OR REPLACE INTO entered_rooms (session_id, room_id, entries, seen_at, until)
       VALUES (?, ?, ?, ?, ?)`,
      ...[sessionId, roomId, JSON.stringify(kept), now, foreign ? seconds + FOREIGN_LIFE : null],
    )
  }

  /** Forgets an entry whose socket has gone, and the room with the last of them. */
  leave({ sessionId, roomId, entry }: Entry): void {
    const open = this.#entries(sessionId, roomId)
    if (!open?.includes(entry)) return
    const rest = open.filter((each) => each !== entry)
    if (rest.length === 0) this.#remove(sessionId, roomId)
    else {
      const query = 'UPDATE entered_rooms SET entries = ? WHERE session_id = ? AND room_id = ?'
      this.#sql.exec(query, JSON.stringify(rest), sessionId, roomId)
    }
  }

  /** The rooms of a sign-in that were not heard of for longest, but for those being entered now. */
  stalest(sessionId: string, limit: number, now: number): { roomId: string; seenAt: number }[] {
    return this.#sql
      .exec<{ room_id: string; seen_at: number }>(
        `SELECT room_id, seen_at FROM entered_rooms WHERE session_id = ? AND seen_at <= ?
         ORDER BY seen_at LIMIT ?`,
        sessionId,
        now - ENTERING,
        limit,
      )
      .toArray()
      .map(({ room_id, seen_at }) => ({ roomId: room_id, seenAt: seen_at }))
  }

  /** What a room said of a sign-in's sockets. Nothing where it was entered since it was asked. */
  heard(
    sessionId: string,
    { roomId, seenAt }: { readonly roomId: string; readonly seenAt: number },
    has: boolean,
    now: number,
  ): void {
    const which = 'WHERE session_id = ? AND room_id = ? AND seen_at = ?'
    const where = [sessionId, roomId, seenAt]
    if (has) this.#sql.exec(`UPDATE entered_rooms SET seen_at = ? ${which}`, now, ...where)
    else this.#sql.exec(`DELETE FROM entered_rooms ${which}`, ...where)
  }

  /** Forgets the rooms of a sign-in: it is over. Null: of all of them. */
  forget(sessionId: string | null): void {
    if (sessionId !== null) {
      this.#sql.exec('DELETE FROM entered_rooms WHERE session_id = ?', sessionId)
      return
    }
    this.#sql.exec('DELETE FROM entered_rooms')
    this.#sql.exec('DELETE FROM rooms')
  }

  /** Forgets a room that a version before this noted, unless somebody was just entering it. */
  forgetOld(roomId: string, now: number): void {
    const before = now - ENTERED - ENTERING
    this.#sql.exec('DELETE FROM rooms WHERE id = ? AND entered_at <= ?', roomId, before)
  }

  #entries(sessionId: string, roomId: string): string[] | undefined {
    const query = 'SELECT entries FROM entered_rooms WHERE session_id = ? AND room_id = ?'
    const [row] = this.#sql.exec<Row>(query, sessionId, roomId).toArray()
    return row && (JSON.parse(row.entries) as string[])
  }

  #remove(sessionId: string, roomId: string): void {
    const query = 'DELETE FROM entered_rooms WHERE session_id = ? AND room_id = ?'
    this.#sql.exec(query, sessionId, roomId)
  }
}
