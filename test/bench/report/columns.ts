// Rows of cells as text and as Markdown; the first row is the head.

type Cells = readonly (readonly string[])[]

export function textColumns(all: Cells): string {
  const widths = all[0]?.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0))) ?? []
  const align = (cell: string, at: number) =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)
  return all.map((row) => row.map(align).join('  ').trimEnd()).join('\n')
}

/** @param words whether the cells are words and not numbers. */
export function markdownColumns([head = [], ...rows]: Cells, words = false): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const rule = line(head.map((_, at) => (words || at === 0 ? '---' : '---:')))
  return [line(head), rule, ...rows.map(line)].join('\n')
}
