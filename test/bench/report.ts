// What was measured, as tables in plain text. Ratios are taken round by round, between runs that
// followed each other, and their median is told.

import type { Result, Spread } from './generator.ts'

/** A result, with the milliseconds of processor time that the server took for it. */
export type Measured = Result & { readonly server: number }

/** What was measured of each subject, round by round; the last is compared to all before it. */
export type Results = ReadonlyMap<string, readonly Measured[]>

/** A figure of a result, and how it is written. */
interface Figure {
  readonly name: string
  of(result: Measured): number
  format(value: number): string
}

const DELIVERIES: Figure = {
  name: 'deliveries/s',
  of: ({ perSecond }) => perSecond,
  format: rounded,
}

const ROUND_TRIP: Figure = {
  name: 'round trip ms',
  of: ({ roundTrip }) => roundTrip.p50,
  format: precise,
}

/** How much was delivered, and how long each delivery took. */
export function deliveriesTable(title: string, results: Results): string {
  return table(title, DELIVERIES, ({ delivery }) => delivery, results)
}

/** How long it took until a sender had its answer. */
export function roundTripTable(title: string, results: Results): string {
  return table(title, ROUND_TRIP, ({ roundTrip }) => roundTrip, results)
}

function table(
  title: string,
  figure: Figure,
  times: (result: Measured) => Spread,
  results: Results,
): string {
  const yardsticks = [...results.keys()].slice(0, -1)
  const head = [
    title,
    figure.name,
    ...yardsticks.map((name) => `x ${name}`),
    'p50 ms',
    'p99 ms',
    'max ms',
    'server µs',
    'load %',
  ]
  const rows = [...results].map(([name, rounds]) => [
    name,
    inBrief(rounds.map(figure.of), figure.format),
    ...yardsticks.map((yardstick) => ratio(rounds, results.get(yardstick) ?? [], figure)),
    precise(median(rounds.map((result) => times(result).p50))),
    precise(median(rounds.map((result) => times(result).p99))),
    precise(Math.max(...rounds.map((result) => times(result).max))),
    precise(median(rounds.map(({ server, deliveries }) => (1000 * server) / deliveries))),
    rounded(median(rounds.map(({ busy }) => 100 * busy))),
  ])
  return [head, ...rows].map(line).join('\n')
}

function ratio(rounds: readonly Measured[], others: readonly Measured[], figure: Figure): string {
  if (rounds === others) return '1'
  const ratios = rounds.map((result, round) => {
    const other = others[round]
    return other ? figure.of(result) / figure.of(other) : Number.NaN
  })
  return inBrief(ratios, precise)
}

const WIDTHS = [24, 28, 24, 24]

function line(cells: readonly string[]): string {
  const [name = '', ...figures] = cells
  return (
    name.padEnd(WIDTHS[0] ?? 0) +
    figures.map((cell, at) => cell.padStart(WIDTHS[at + 1] ?? 10)).join('')
  )
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The median, and between what the values lie. */
function inBrief(values: readonly number[], format: (value: number) => string): string {
  return `${format(median(values))} (${format(Math.min(...values))}..${format(Math.max(...values))})`
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function precise(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0)
}
