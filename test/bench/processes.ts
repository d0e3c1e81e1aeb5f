// What the system tells about processes, on Linux; nothing elsewhere.

import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10

/** The children of this process that have this name. */
export function childProcesses(name: string): number[] {
  return numbered().filter((pid) => {
    const status = statusOf(pid)
    return status?.name === name && status.parent === process.pid
  })
}

/** Milliseconds of processor time that a process has taken; NaN when nothing is known of it. */
export function processorTime(pid: number): number {
  return statusOf(pid)?.time ?? Number.NaN
}

function numbered(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** See proc_pid_stat(5). */
function statusOf(pid: number): { name: string; parent: number; time: number } | undefined {
  try {
    const [, name = '', rest = ''] =
      /\((.*)\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    const fields = rest.split(' ')
    const time = (Number(fields[11]) + Number(fields[12])) * TICK_MS
    return { name, parent: Number(fields[1]), time }
  } catch {
    return undefined
  }
}
