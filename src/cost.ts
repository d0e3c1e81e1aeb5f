// What a room costs: what is counted, and the list prices of it. A model and no invoice: free
// allowances are not taken off. Imports nothing.

/** What is billed of a room, from `since` on. */
export interface Counts {
  /** Milliseconds since 1970. */
  readonly since: number
  /** Messages of the log, for comparison: they are not billed as such. */
  readonly messages: number
  /** WebSocket messages that came. Those that left are free, and so are heart-beats. */
  readonly inboundMessages: number
  /** Upgrades, and calls of other parts of the Worker. */
  readonly requests: number
  /**
   * How often the room was built up from its storage. Not billed as such, but for the rows it
   * reads.
   */
  readonly wakeUps: number
  /** Seconds in which something was under way, or pending so that the room could not hibernate. */
  readonly activeSeconds: number
  readonly rowsRead: number
  readonly rowsWritten: number
}

/** That, and what the room takes now. */
export interface Usage extends Counts {
  readonly storageBytes: number
}

/**
 * List prices in US dollars, as https://developers.cloudflare.com/durable-objects/platform/pricing/
 * states them.
 */
export const PRICES = {
  asOf: '2026-11-21',
  perMillionRequests: 0.15,
  inboundMessagesPerRequest: 20,
  perMillionGigabyteSeconds: 12.5,
  /** Of memory that an object is billed for, whatever it uses. */
  gigabytes: 0.128,
  perMillionRowsRead: 0.001,
  perMillionRowsWritten: 1,
  perGigabyteMonth: 0.2,
} as const

const MILLION = 1e6
const GIGABYTE = 1e9

/** US dollars. `total` is the sum of what was spent, without the storage, which is per month. */
interface Dollars {
  readonly requests: number
  readonly duration: number
  readonly rowsRead: number
  readonly rowsWritten: number
  readonly total: number
  readonly storagePerMonth: number
}

/** What a usage costs at `PRICES`, without free allowances. */
export function dollarsOf(usage: Usage): Dollars {
  const billed = usage.requests + usage.inboundMessages / PRICES.inboundMessagesPerRequest
  const requests = (billed * PRICES.perMillionRequests) / MILLION
  const gigabyteSeconds = usage.activeSeconds * PRICES.gigabytes
  const duration = (gigabyteSeconds * PRICES.perMillionGigabyteSeconds) / MILLION
  const rowsRead = (usage.rowsRead * PRICES.perMillionRowsRead) / MILLION
  const rowsWritten = (usage.rowsWritten * PRICES.perMillionRowsWritten) / MILLION
  return {
    requests,
    duration,
    rowsRead,
    rowsWritten,
    total: requests + duration + rowsRead + rowsWritten,
    storagePerMonth: (usage.storageBytes / GIGABYTE) * PRICES.perGigabyteMonth,
  }
}

/**
 * US dollars for a million messages of the log, with everything else that was spent; null without
 * messages.
 */
export function perMillionMessages({ messages }: Usage, { total }: Dollars): number | null {
  return messages === 0 ? null : (total / messages) * MILLION
}
