// What the system tells about processes, on Linux; nothing elsewhere.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10

/** A server's processes, as they are measured. */
export class Measured {
  readonly #pids: () => readonly number[]

  /** @param pids asked for each time: a server may have several. */
  constructor(pids: () => readonly number[]) {
    this.#pids = pids
  }

  /** Milliseconds of processor time so far; NaN when nothing is known. */
  processor(): number {
    return this.#sum((pid) => statusOf(pid)?.time ?? Number.NaN)
  }

  /** Bytes of memory now. */
  memory(): number {
    return this.#sum((pid) => bytesOf(pid, 'VmRSS'))
  }

  /** Bytes of memory at most, since `forgetPeak`. */
  peak(): number {
    return this.#sum((pid) => bytesOf(pid, 'VmHWM'))
  }

  forgetPeak(): void {
    for (const pid of this.#pids()) {
      try {
        // See proc_pid_clear_refs(5).
        writeFileSync(`/proc/${pid}/clear_refs`, '5')
      } catch {
        // The peak since the start of the process is told then.
      }
    }
  }

  #sum(each: (pid: number) => number): number {
    const pids = this.#pids()
    return pids.length === 0 ? Number.NaN : pids.reduce((sum, pid) => sum + each(pid), 0)
  }
}

/** The children of this process that have this name. */
export function childProcesses(name: string): number[] {
  return numbered().filter((pid) => {
    const status = statusOf(pid)
    return status?.name === name && status.parent === process.pid
  })
}

/** A process and all that stem from it. */
export function family(pid: number): number[] {
  const parents = numbered().map((each) => [each, statusOf(each)?.parent] as const)
  const childrenOf = (parent: number): number[] =>
    parents.flatMap(([each, its]) => (its === parent ? [each, ...childrenOf(each)] : []))
  return [pid, ...childrenOf(pid)]
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

/** See proc_pid_status(5). */
function bytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  } catch {
    return Number.NaN
  }
}
