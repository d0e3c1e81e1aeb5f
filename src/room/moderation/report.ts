// What a report is, and how moderators read them.

/** A report is `open` until a moderator settles or dismisses it. */
type ReportState = 'open' | 'settled' | 'dismissed'

interface Person {
  readonly id: string
  readonly name: string
}

/** A report without its number. Times in milliseconds since 1970. */
export interface NewReport {
  /** The message. */
  readonly seq: number
  readonly at: number
  /** Who reported it; null: a rule of the room. */
  readonly by: Person | null
  /** '' where none was given. */
  readonly reason: string
}

/** What became of a report. */
export interface Settlement {
  readonly state: 'settled' | 'dismissed'
  readonly settledAt: number
  readonly settledBy: Person
}

/** A report with its number, 1, 2, 3 …, and what became of it. */
export type Report = NewReport & { readonly id: number } & (Settlement | { readonly state: 'open' })

/** What somebody reports. */
export interface ReportRequest {
  readonly seq: number
  readonly reason: string
}

/** Which reports are asked for; `state` undefined: all. */
export interface ReportsQuery {
  readonly state?: ReportState | undefined
  /** Reports with a lower id. */
  readonly before?: number | undefined
  readonly limit: number
}

/** A report, with the event of the message as it is now. */
type ShownReport = Report & { readonly message: Record<string, unknown> | null }

/** A page of reports, as GET /api/rooms/:id/reports answers it. */
export interface ReportsPage {
  /** The newest first. */
  readonly reports: ShownReport[]
  /** Where the next page begins; null: there is none. */
  readonly next: number | null
}
