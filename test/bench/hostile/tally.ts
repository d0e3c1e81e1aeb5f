// What an attacker did, and what it was told.

export class Tally {
  /** Connections that were let in, or requests that were answered by a success. */
  done = 0
  /** Bytes. */
  sent = 0
  heard = 0
  /** How often each close or refusal was told. */
  readonly told: Record<string, number> = {}

  count(what: string): void {
    this.told[what] = (this.told[what] ?? 0) + 1
  }
}
