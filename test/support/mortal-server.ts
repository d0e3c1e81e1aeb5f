// The built Worker in a process group of its own, that can be killed at any moment and started
// again on the same storage.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

export interface MortalServer {
  readonly url: string
  /** Kills the group, as a power cut would, at once; resolves when no process of it is left. */
  kill(): Promise<void>
}

/** Starts a server whose storage is in a folder. */
export async function startMortalServer(
  storage: string,
  vars: Record<string, string | number> = {},
): Promise<MortalServer> {
  const script = join(import.meta.dirname, 'server-process.ts')
  const child = spawn(process.execPath, [script, storage, JSON.stringify(vars)], {
    // A group of its own: the Worker's runtime is a child of the child, and dies with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error('the server did not start')
  const exited = once(child, 'exit')
  const kill = async () => {
    signal(pid, 'SIGKILL')
    await exited
    while (signal(pid, 0)) await pause(10)
  }
  const lines = createInterface({ input: child.stdout })
  const url = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exited.then(() => undefined),
  ])
  if (url === undefined) throw new Error('the server ended before it served')
  return { url, kill }
}

/** Whether there was anybody in the group to take the signal. */
function signal(group: number, name: 'SIGKILL' | 0): boolean {
  try {
    return process.kill(-group, name)
  } catch {
    return false
  }
}
