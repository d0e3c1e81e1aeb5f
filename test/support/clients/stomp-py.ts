// Debian's python3-stomp (stomp.py 8): over a bridge from TCP to WebSocket, as it comes, and over
// Debian's python3-websocket. The access token is its passcode.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { bridgeTo } from './bridge.ts'
import type { ClientKind, Entry } from './client.ts'
import { ProcessClient } from './process-client.ts'
import { watchedDoor } from './watched-door.ts'

/** Debian's own, where its packages are. */
const PYTHON = '/usr/bin/python3'
const COMMAND = [PYTHON, join(import.meta.dirname, 'stomp_py.py')] as const

const opening = ({ person, heartBeat = 0 }: Entry) => ({ passcode: person.accessToken, heartBeat })

const isInstalled = (...modules: string[]): boolean => {
  try {
    execFileSync(PYTHON, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const COMMON = {
  version: '1.2',
  bytes: true,
  escapes: true,
  splits: false,
  waits: true,
  reconnects: false,
  multiFrame: false,
  sends: 'binary',
} as const

export const STOMP_PY: ClientKind = {
  ...COMMON,
  name: 'stomp.py 8',
  ...(isInstalled('stomp') ? {} : { missing: 'Debian’s python3-stomp is not installed' }),
  async connect(entry) {
    const { port, wire } = await bridgeTo(await entry.ticketUrl())
    return new ProcessClient(wire, COMMAND, { ...opening(entry), port })
  },
}

export const STOMP_PY_WEBSOCKET: ClientKind = {
  ...COMMON,
  name: 'stomp.py 8 over websocket-client',
  ...(isInstalled('stomp', 'websocket')
    ? {}
    : { missing: 'Debian’s python3-stomp or python3-websocket is not installed' }),
  async connect(entry) {
    const { url, wire } = await watchedDoor(await entry.ticketUrl())
    return new ProcessClient(wire, COMMAND, { ...opening(entry), url })
  },
}
