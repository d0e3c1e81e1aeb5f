// The figures as bars: a panel for each table, the rows below each other, a line from the least
// round to the greatest.

import type { Row, Table } from '../scenarios/scenario.ts'
import { STOMPBOX } from '../subjects/stompbox.ts'
import { figureText, over, type Range } from './rows.ts'

const WIDTH = 860
const NAMES = 200
const BARS = 500
const ROW = 22
const HEAD = 44
const GAP = 18

const OURS = '#2f6fdd'
const THEIRS = '#9aa5b1'
const TEXT = '#1f2933'

export function chart(tables: readonly Table[]): string {
  let top = GAP
  const panels = tables.map((table) => {
    const drawn = panel(table, top)
    top += HEAD + table.rows.length * ROW + GAP
    return drawn
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" font-family="sans-serif" font-size="13" fill="${TEXT}">
<title>The figures of a run of the bench as bars; its tables tell the same.</title>
<rect width="${WIDTH}" height="${top}" fill="#fff"/>
${panels.join('\n')}
</svg>
`
}

function panel({ title, unit, better, rows }: Table, top: number): string {
  const ranges = rows.map((row) => over(row, ({ figure }) => figure))
  const most = Math.max(...ranges.map(({ max }) => max))
  const bars = rows.map((row, index) => bar(row, ranges[index], most, top + HEAD + index * ROW))
  return `<g>
<text x="${GAP}" y="${top + 16}" font-size="15" font-weight="bold">${escaped(title)}</text>
<text x="${GAP}" y="${top + 33}" fill="#52606d">${escaped(unit)}, ${better} is better</text>
${bars.join('\n')}
</g>`
}

function bar({ name }: Row, range: Range | undefined, most: number, y: number): string {
  if (!range) return ''
  const long = (value: number) => Math.round((value / most) * BARS * 10) / 10
  const x = GAP + NAMES
  const middle = y + ROW / 2
  return `<text x="${x - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>
<rect x="${x}" y="${y + 3}" width="${long(range.median)}" height="${ROW - 6}" fill="${name.startsWith(STOMPBOX) ? OURS : THEIRS}"/>
<path d="M${x + long(range.min)} ${middle}H${x + long(range.max)}" stroke="${TEXT}" stroke-width="1.5"/>
<text x="${x + long(range.max) + 8}" y="${middle + 4}">${figureText(range.median)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
