// One attack on a server of its own, and what the members of the room notice of it.

import { setTimeout as pause } from 'node:timers/promises'
import type { Spread } from '../load/spread.ts'
import { BARE } from '../report/hostile.ts'
import type { WorkerServer } from '../subjects/workerd.ts'
import { AttackProcess, type Told } from './attack-process.ts'
import { gather } from './gather.ts'
import { Victims } from './victims.ts'
import type { World } from './world.ts'

/** What came of one attack. Times in milliseconds, memory in bytes. */
export interface Ordeal {
  readonly attack: string
  readonly about: string
  readonly quiet: Spread
  readonly attacked: Spread
  /** At most, beyond the most while it was quiet. */
  readonly memory: number
  /** Cores that the server took. */
  readonly cores: number
  /** What the attacker was told, or the readers were given. */
  readonly told: string
  /** What went wrong altogether. */
  readonly failed?: string
}

const WARM_UP = 700
const QUIET = 1500
const ATTACK = 3000
/** Idle members where it matters how many are here. */
const IDLE = 100

export interface Ordered {
  readonly attack: string
  readonly about: string
  /** Whether many others are in the room. */
  readonly crowded: boolean
}

/** @param bare whether it is against an object that ignores it: what the runtime takes. */
export async function ordeal(world: World, ordered: Ordered, bare = false): Promise<Ordeal> {
  const { attack, about, crowded } = ordered
  const { attacker: person, roomId } = world
  const server = await (bare ? world.serveBare() : world.serve())
  const attacker = new AttackProcess()
  const crowd = crowded
    ? await gather(server, world.readers, roomId, IDLE, { listensTo: `/topic/rooms/${roomId}` })
    : undefined
  try {
    const { url } = server
    const victims = await Victims.enter(url, world.victims, roomId)
    await victims.during(pause(WARM_UP))
    await attacker.prepare({ attack, url, roomId, person, ms: ATTACK })
    const name = bare ? attack + BARE : attack
    return await measured({ attack: name, about }, server, victims, async () => {
      return toldText(await attacker.attack())
    })
  } finally {
    attacker.close()
    crowd?.close()
    await server.close()
  }
}

/** Measures while it is quiet, and then while something is done. */
export async function measured(
  name: Pick<Ordeal, 'attack' | 'about'>,
  { process }: Pick<WorkerServer, 'process'>,
  victims: Victims,
  attack: () => Promise<string>,
): Promise<Ordeal> {
  process.forgetPeak()
  const quiet = await victims.during(pause(QUIET))
  const memory = process.peak()
  process.forgetPeak()
  const processor = process.processor()
  const begun = performance.now()
  const before = { ...name, quiet }
  const since = () => ({
    memory: process.peak() - memory,
    cores: (process.processor() - processor) / (performance.now() - begun),
  })
  const attacking = attack()
  try {
    const attacked = await victims.during(attacking)
    return { ...before, ...since(), attacked, told: await attacking }
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error)
    const attacked = {
      count: 0,
      p50: Number.NaN,
      p95: Number.NaN,
      p99: Number.NaN,
      max: Number.NaN,
    }
    const told = await attacking.catch(() => '')
    return { ...before, ...since(), attacked, told, failed }
  } finally {
    victims.close()
  }
}

const MEGABYTE = 1e6

function toldText({ done, sent, heard, told }: Told): string {
  const answers = Object.entries(told).map(([answer, count]) => `${answer} x ${count}`)
  const bytes = `${(sent / MEGABYTE).toFixed(1)} MB out, ${(heard / MEGABYTE).toFixed(1)} MB in`
  return [`${done} times in`, bytes, ...answers].join('; ')
}
