// Reports in memory, for tests of the room in Node. The contract suite holds them to the real ones.

import type { NewReport, Report, Settlement } from '../../src/room/moderation/report.ts'
import type { ReportStore } from '../../src/room/ports.ts'

export class MemoryReports implements ReportStore {
  #reports: readonly Report[] = []

  add(report: NewReport, most: number): Report {
    const id = Math.max(0, ...this.#reports.map((each) => each.id)) + 1
    const added = { ...report, id, state: 'open' as const }
    const all = [...this.#reports, added]
    const settled = all.find(({ state }) => state !== 'open')
    this.#reports = all.length > most ? all.filter((each) => each !== settled) : all
    return added
  }

  find(id: number): Report | undefined {
    return this.#reports.find((each) => each.id === id)
  }

  openOf(personId: string): Report[] {
    return this.#reports.filter(({ by, state }) => by?.id === personId && state === 'open')
  }

  get openCount(): number {
    return this.#reports.filter(({ state }) => state === 'open').length
  }

  page({ state, before = Number.POSITIVE_INFINITY, limit }: Parameters<ReportStore['page']>[0]) {
    return this.#reports
      .filter((each) => each.id < before && (state === undefined || each.state === state))
      .toReversed()
      .slice(0, limit)
  }

  settle(id: number, settlement: Settlement): void {
    this.#reports = this.#reports.map((each) =>
      each.id === id ? { ...each, ...settlement } : each,
    )
  }

  snapshot(): () => void {
    const reports = this.#reports
    return () => {
      this.#reports = reports
    }
  }
}
