// What a report is, and how moderators read them.

export type ReportState = 'open' | 'settled' | 'dismissed'

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

export type Report = NewReport & { readonly id: number } & (Settlement | { readonly state: 'open' })

/** What somebody reports. */
export interface ReportRequest {
  readonly seq: number
  readonly reason: string
}

export interface ReportsQuery {
  readonly state?: ReportState | undefined
  /** Reports with a lower id. */
  readonly before?: number | undefined
  readonly limit: number
}

/** A report, with the event of the message as it is now. */
export type ShownReport = Report & { readonly message: Record<string, unknown> | null }

export interface ReportsPage {
  /** The newest first. */
  readonly reports: ShownReport[]
  /** Where the next page begins; null: there is none. */
  readonly next: number | null
}
