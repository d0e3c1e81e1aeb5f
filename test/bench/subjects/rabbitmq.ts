// RabbitMQ with Web STOMP, where Debian's package is installed: a node of its own, on the loopback
// alone, in a temporary folder.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Member, stompMember } from '../load/member.ts'
import { family, Measured } from '../processes.ts'
import { openSubject, type Subject, times } from './subject.ts'

export const RABBITMQ = 'RabbitMQ'

const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server'
/**
 * Others than the usual ones, which a broker of the machine's own may have; and none that the
 * system gives out, since whoever connects to such a port may be given that very port, and reach
 * itself.
 */
const PORTS = { amqp: 21_672, distribution: 21_673, epmd: 21_674, webStomp: 21_675 }
/** Milliseconds. */
const TIMEOUT = 120_000

/** Undefined where it is not installed. */
export async function rabbitMq(): Promise<Subject | undefined> {
  if (!existsSync(SERVER)) return undefined
  if (await answers(PORTS.webStomp))
    throw new Error(`something else listens on port ${PORTS.webStomp}`)
  const folder = mkdtempSync(join(tmpdir(), 'bench-rabbitmq-'))
  const children = start(folder)
  const close = async () => {
    for (const child of children.reverse()) await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  const deadline = performance.now() + TIMEOUT
  while (!(await answers(PORTS.webStomp))) {
    if (performance.now() > deadline || children.some(({ exitCode }) => exitCode !== null)) {
      await close()
      throw new Error('RabbitMQ did not start')
    }
    await pause(200)
  }
  const pids = family(children[1]?.pid ?? 0)
  const about = 'a topic of RabbitMQ Web STOMP: in memory, no receipts, signed in as guest'
  const process = new Measured(() => pids)
  return openSubject({ name: RABBITMQ, about, process, close }, members)
}

function members(count: number): Member[] {
  const topic = `/topic/${crypto.randomUUID()}`
  const member = stompMember({
    url: `ws://127.0.0.1:${PORTS.webStomp}/ws`,
    connect: 'login:guest\npasscode:guest\n',
    listensTo: topic,
    talksTo: topic,
  })
  // RabbitMQ hangs up on a client that has said nothing for a minute.
  return times(count, { ...member, beat: '\n' })
}

/** The name server and the broker. */
function start(folder: string): ChildProcess[] {
  const conf = {
    'listeners.tcp.1': `127.0.0.1:${PORTS.amqp}`,
    'stomp.listeners.tcp': 'none',
    'web_stomp.tcp.ip': '127.0.0.1',
    'web_stomp.tcp.port': PORTS.webStomp,
    'log.console': 'false',
  }
  const lines = Object.entries(conf).map(([name, value]) => `${name} = ${value}\n`)
  writeFileSync(join(folder, 'rabbitmq.conf'), lines.join(''))
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_web_stomp].\n')
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: String(PORTS.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'bench@localhost',
    RABBITMQ_DIST_PORT: String(PORTS.distribution),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  }
  const options = { env, cwd: folder, stdio: 'ignore' } as const
  return [spawn('epmd', [], options), spawn(SERVER, [], options)]
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
