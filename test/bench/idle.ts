// `npm run bench:idle -- --sockets N --seconds S`: how many idle sockets one room holds, and what
// memory each takes, in a workerd of its own. Connects until there are so many, or the time is
// over.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BareServer, startBareServer } from '../support/bare-server.ts'
import build from '../support/build.ts'
import { ask, guest, newRoom } from '../support/people.ts'
import { Crowd } from './crowd.ts'

const { values: options } = parseArgs({
  options: {
    sockets: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '150' },
  },
})
const SOCKETS = Number(options.sockets)
const SECONDS = Number(options.seconds)

/** Set where the limit of open files was raised. */
const RAISED = 'STOMPBOX_FILES_RAISED'

/** Far more than a client may do. */
const VARS = {
  SOCKETS_PER_PRINCIPAL: 1_000_000,
  CONNECT_SECONDS: 3600,
  ACCESS_MINUTES: 600,
}

/** Seconds after which an idle object is away, and some more. */
const AWAY = 15

/**
 * This script again, with as many open files as the system allows: workerd has two for each socket.
 */
function raised(): number {
  const command = ['-c', 'ulimit -n "$(ulimit -Hn)" && exec "$0" "$@"', process.execPath]
  const env = { ...process.env, [RAISED]: 'yes' }
  const { status } = spawnSync('sh', [...command, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env,
  })
  return status ?? 1
}

async function main(): Promise<void> {
  build()
  const folder = mkdtempSync(join(tmpdir(), 'stompbox-idle-'))
  const server = await startBareServer(folder, VARS)
  try {
    await measure(server)
  } finally {
    await server.kill()
    rmSync(folder, { recursive: true })
  }
}

async function measure(server: BareServer): Promise<void> {
  const owner = await guest(server.url, 'Owner')
  const room = await newRoom(server.url, owner)
  const crowd = new Crowd(server.url, owner, room)
  await crowd.grow(10, Number.POSITIVE_INFINITY)
  const base = { sockets: crowd.size, memory: server.memory() }
  const weigh = (what: string) => {
    const bytes = server.memory()
    const each = (bytes - base.memory) / (crowd.size - base.sockets) / 1024
    const whole = `${(bytes / 1_048_576).toFixed(0)} MiB`
    console.log(
      `${what.padEnd(40)} ${whole.padStart(9)} ${each.toFixed(1).padStart(8)} KiB a socket`,
    )
  }
  console.log(`${'10 sockets'.padEnd(40)} ${(base.memory / 1_048_576).toFixed(0).padStart(5)} MiB`)
  const begun = performance.now()
  await crowd.grow(SOCKETS, begun + SECONDS * 1000).catch((error: Error) => {
    console.log(`no more than ${crowd.size} sockets: ${error.message}`)
    console.log(server.output.split('\n').slice(-12).join('\n').slice(-2000))
  })
  const took = (performance.now() - begun) / 1000
  console.log(`${crowd.size} sockets connected in ${took.toFixed(1)} s`)
  weigh('connected (CONNECT answered)')
  await timed('all subscribed to the log', () => crowd.subscribe())
  weigh('subscribed to the log')
  await pause(AWAY)
  weigh(`idle for ${AWAY} s: the room is away`)
  await timed('a heart-beat of each is answered', () => crowd.beat())
  weigh('after the heart-beats')
  const before = wakings(server)
  await timed('a message wakes the room and reaches all', () => crowd.say('good morning'))
  console.log(`the room woke ${wakings(server) - before} time(s) for it`)
  weigh('after the message')
  const { body } = await ask(server.url, 'GET', `/api/rooms/${room}/cost`, {
    token: owner.accessToken,
  })
  console.log(`cost so far: ${JSON.stringify(body.counts)}`)
  crowd.close()
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const begun = performance.now()
  await work()
  console.log(`${what}: ${((performance.now() - begun) / 1000).toFixed(2)} s`)
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))
const wakings = ({ output }: BareServer) => output.split('room-woke').length - 1

if (process.env[RAISED]) await main()
else process.exitCode = raised()
