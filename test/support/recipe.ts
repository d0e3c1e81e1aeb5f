// The recipe of docs/client.md for a plain STOMP client, run in a process of its own.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished } from 'vitest'
import { ROOT } from './build.ts'
import { Inbox } from './inbox.ts'
import { guest, newRoom } from './people.ts'
import { connect } from './stomp-socket.ts'

const PAGE = join(ROOT, 'docs/client.md')

/** What a test adds: it tells of connections, and says in the room what it reads. */
const DRIVER = `
const told = client.onConnect
client.onConnect = (frame) => {
  told(frame)
  console.log('# connected with', grant.accessToken)
}
client.onChangeState = (state) => client.active || console.log('# gone')
process.stdin.on('data', (line) => say(String(line).trim()))
`

function recipe(): string {
  const blocks = readFileSync(PAGE, 'utf8').matchAll(/```js\n(.*?)```/gs)
  const codes = [...blocks].map(([, code = '']) => code)
  return codes.find((code) => code.includes('/pub/auth')) ?? ''
}

/** The recipe in a process of its own, connected to a room; `more` stands at its end. */
export async function startRecipe(url: string, more = '') {
  const owner = await guest(url, 'Owner')
  const roomId = await newRoom(url, owner)
  const begun = runRecipe(url, roomId, more)
  await connections(begun.lines, 1)
  return { ...begun, owner, roomId }
}

/** The recipe in a process of its own; `first` stands before it, `flags` are Node's. */
export function runRecipe(
  url: string,
  roomId: string,
  more = '',
  first = '',
  flags: readonly string[] = [],
) {
  const code = recipe().replace('http://localhost:8787', url).replace('ROOM_ID', roomId)
  expect(code).toContain(roomId)
  const child = spawn(
    process.execPath,
    [...flags, '--input-type=module', '--eval', first + code + DRIVER + more],
    { cwd: ROOT },
  )
  onTestFinished(() => void child.kill())
  const lines = new Inbox<string>()
  createInterface({ input: child.stdout }).on('line', (line) => lines.add(line))
  child.stderr.on('data', (data) => lines.add(`! ${data}`))
  child.on('exit', (status) => {
    lines.add(`# ended with ${status}`)
    lines.end(`it ended with ${status}`)
  })
  return { lines, child }
}

/** Waits for so many connections; gives the token of each. */
export async function connections(
  lines: Inbox<string>,
  least: number,
): Promise<(string | undefined)[]> {
  const found = await lines.count(least, (line) => line.startsWith('# connected'))
  return found.map((line) => line.split(' ').at(-1))
}

/** Somebody comes into a room, says something, and goes. */
export async function speak(url: string, roomId: string, ...lines: string[]): Promise<void> {
  const socket = await connect(url, await guest(url, 'Jun'), roomId)
  for (const line of lines) await socket.ask('SEND', { destination: '/pub/send/message' }, line)
  await socket.hangUp()
}

/** What it heard, and nothing of the test's own. */
export const heard = ({ items }: Inbox<string>) => items.filter((line) => !line.startsWith('#'))
