// `npm run bench`: how fast a room delivers, beside a bare Durable Object in the same run. The ratio
// is the figure that matters: everything else changes with the machine.

import { cpus } from 'node:os'
import workerd from 'workerd/package.json' with { type: 'json' }
import build from '../support/build.ts'
import type { Member } from './client.ts'
import type { Run } from './generator.ts'
import { Load } from './load.ts'
import { bareMembers, stompMembers, stompPair } from './members.ts'
import { deliveriesTable, type Measured, roundTripTable } from './report.ts'
import { type Server, startBare, startProduct } from './servers.ts'

const SUBSCRIBERS = 100
const SENDERS = 10
const WINDOWS = [1, 8, 32]
const CONTENT = 100
const ROUNDS = 5
const MS = 500

const BARE = 'bare'
const ROW = 'bare + row'
const STOMPBOX = 'stompbox'

const METHOD = `
Each subject is a room in workerd, reached without a proxy; it stays connected while the others have
their turn. The load is a process of its own: ${SUBSCRIBERS} subscribers, ${SENDERS} of whom talk, ${CONTENT} octets at a
time. "window": how many messages of each are on the way; an own one that comes back makes room for
the next. ${ROUNDS} rounds of ${MS} ms, the subjects in turn; medians, and (min..max) of the rounds. What was
sent was heard by everybody exactly once, or the bench fails.

  ${BARE.padEnd(12)}an object that says to all what it is told, at once
  ${ROW.padEnd(12)}the same, after writing it as one row
  ${STOMPBOX.padEnd(12)}the built Worker: STOMP, JSON, rights and limits, one row a message
  x …         the ratio to that subject, round by round
  p50 …       milliseconds from a send to its arrival, over all subscribers; max of all rounds
  server      microseconds of processor time that workerd took for a delivery
  load        share of one core that the load itself took`

/** A room, and the load on it. */
interface Subject {
  readonly server: Server
  readonly load: Load
}

type Subjects = ReadonlyMap<string, Subject>

async function main(): Promise<void> {
  build()
  const servers: Server[] = []
  const loads: Load[] = []
  const subject = async (name: string, server: Server, members: readonly Member[]) => {
    const load = await Load.of(name, members)
    loads.push(load)
    return [name, { server, load }] as const
  }
  try {
    // One after the other: a server's process is told by its being new.
    const bare = await startBare()
    servers.push(bare)
    const product = await startProduct()
    servers.push(product)
    const crowds: Subjects = new Map([
      await subject(BARE, bare, bareMembers(bare.url, 'broadcaster', SUBSCRIBERS)),
      await subject(ROW, bare, bareMembers(bare.url, 'keeper', SUBSCRIBERS)),
      await subject(STOMPBOX, product, await stompMembers(product.url, SUBSCRIBERS)),
    ])
    const pairs: Subjects = new Map([
      await subject(BARE, bare, bareMembers(bare.url, 'broadcaster', 2)),
      await subject(ROW, bare, bareMembers(bare.url, 'keeper', 2)),
      await subject(STOMPBOX, product, await stompPair(product.url)),
    ])
    await report(crowds, pairs)
  } finally {
    for (const load of loads) load.close()
    await Promise.all(servers.map((server) => server.close()))
  }
}

async function report(crowds: Subjects, pairs: Subjects): Promise<void> {
  const [cpu] = cpus()
  console.log(`${SUBSCRIBERS} subscribers in one room, beside a bare Durable Object`)
  console.log(
    `${cpus().length} x ${cpu?.model}, Node ${process.version}, workerd ${workerd.version}`,
  )
  console.log(METHOD)
  for (const window of WINDOWS) {
    const results = await inTurn(crowds, { senders: SENDERS, window, content: CONTENT, ms: MS })
    console.log(`\n${deliveriesTable(`window ${window}`, results)}`)
  }
  const results = await inTurn(pairs, { senders: 1, window: 1, content: CONTENT, ms: MS })
  console.log(`\n${roundTripTable('one sender, one reader', results)}`)
}

/** A round that does not count, then the rounds; in each, every subject has its turn. */
async function inTurn(subjects: Subjects, run: Run): Promise<Map<string, Measured[]>> {
  const results = new Map<string, Measured[]>([...subjects.keys()].map((name) => [name, []]))
  for (const { load } of subjects.values()) await load.measure({ ...run, ms: run.ms / 2 })
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, { server, load }] of subjects) {
      const before = server.processorTime()
      const result = await load.measure(run)
      results.get(name)?.push({ ...result, server: server.processorTime() - before })
    }
  }
  return results
}

await main()
