// A schedule: who is in a room, what they say, and what befalls them; all of it decided by a seed,
// before anything runs. The times of a real server are its own: two runs of a seed make the same
// decisions, and may still differ in what comes first.

import { CALM, CUTS, type Cut, type Direction, type Weather } from '../../support/fault-link.ts'
import { type Random, randomFrom } from '../../support/random.ts'

/** How a visitor is there. Numbers of people and visitors count from 0. */
export interface VisitorPlan {
  readonly person: number
  readonly weather: Weather
  /**
   * Nothing is lost on a connection of its: so it has no reason to subscribe twice, and never does.
   */
  readonly lossless: boolean
  readonly begins: Beginning
}

/**
 * Where a life begins: at the first event; after a page of all there is; or with what is said from
 * now on.
 */
export type Beginning = 'at nothing' | 'with pages' | 'at the head'

/** A place in what a visitor has seen, from 0 to 1. */
type Share = number

/** The visitor of a step is `who`. Times in milliseconds. */
export type Step = { readonly who: number; readonly wait: number } & Act

export type Act =
  | { readonly act: 'say'; readonly size: number; readonly count: number }
  | { readonly act: 'edit' | 'delete'; readonly which: Share; readonly own: boolean }
  | {
      readonly act: 'react'
      readonly which: Share
      readonly reaction: string
      readonly on: boolean
    }
  | { readonly act: 'history' | 'flood'; readonly count: number; readonly size: number }
  | { readonly act: 'evict'; readonly webSockets: 'hibernate' | 'close' }
  | { readonly act: 'crash' }
  | { readonly act: 'charge'; readonly sends: number; readonly later: boolean }
  | { readonly act: 'fail'; readonly which: 'insert' | 'update'; readonly lasts: number }
  | { readonly act: 'cut'; readonly how: Cut }
  | { readonly act: 'lose'; readonly direction: Direction; readonly count: number }
  | { readonly act: 'hold'; readonly direction: Direction; readonly lasts: number }
  | { readonly act: 'congest'; readonly lasts: number }
  | { readonly act: 'reload'; readonly abruptly: boolean; readonly keeping: boolean }
  | { readonly act: 'join'; readonly plan: VisitorPlan }
  | { readonly act: 'drop' }

export interface Schedule {
  readonly seed: number
  readonly people: number
  readonly visitors: readonly VisitorPlan[]
  readonly steps: readonly Step[]
  readonly finale: Finale
}

/**
 * What comes when everybody has had everything: nothing; or one thing more is said, and is lost to
 * a reader, or the reader is congested meanwhile, and then is not. `evicted`: meanwhile the room
 * forgets that it is to look again.
 */
export type Finale = 'plain' | 'lost' | 'congested' | 'evicted'

const REACTIONS = ['👍', '🎉', '__proto__', '10']
const FAULTS = [
  'evict',
  'crash',
  'charge',
  'fail',
  'cut',
  'lose',
  'hold',
  'congest',
  'reload',
  'join',
  'drop',
] as const
const FINALES: readonly Finale[] = ['plain', 'lost', 'congested', 'evicted']
const MOST_VISITORS = 7

export function scheduleOf(seed: number): Schedule {
  const random = randomFrom(seed)
  const people = 2 + random.below(2)
  // The first is lossless, the second is not: what mends the one would hide what the other shows.
  const visitors = Array.from({ length: 2 + random.below(3) }, (_, index) =>
    planOf(random, people, index === 0 || (index > 1 && random.oneIn(2))),
  )
  // A few kinds of fault at a time: so each schedule is of its own kind.
  const faults = FAULTS.filter(() => random.oneIn(2))
  // Chunks of the log are cut by their number of events, and by their size.
  const size = random.pick([0, 2000])
  const history = { act: 'history', count: 150 + random.below(400), size } as const
  const steps: Step[] = random.oneIn(4) ? [{ who: 0, wait: 0, ...history }] : []
  const length = steps.length + 16 + random.below(24)
  let there = visitors.length
  while (steps.length < length) {
    const isFault = faults.length > 0 && random.below(10) < 4
    const act = isFault ? faultOf(random, random.pick(faults), people, there) : speech(random)
    const [who, wait] = [random.below(there), random.oneIn(2) ? 0 : random.below(30)]
    steps.push({ who: act.act === 'lose' ? 1 : who, wait, ...act })
    if (act.act === 'join') there++
  }
  if (random.oneIn(8)) {
    const flood = { act: 'flood', count: 257 + random.below(50), size: 0 } as const
    steps.splice(random.below(steps.length), 0, { who: random.below(2), wait: 0, ...flood })
  }
  return { seed, people, visitors, steps, finale: random.pick(FINALES) }
}

/** From 0 to 1. */
const share = (random: Random) => random.below(1000) / 1000

function planOf(random: Random, people: number, lossless: boolean): VisitorPlan {
  const wild = (likely: number) => (random.oneIn(2) ? likely : 0)
  const weather = {
    late: wild(0.3),
    lateness: random.pick([5, 50, 150]),
    lost: lossless ? 0 : wild(0.1),
    split: wild(0.1),
    cut: wild(0.04),
  }
  return {
    person: random.below(people),
    weather: random.oneIn(4) ? CALM : weather,
    lossless,
    begins: random.pick(['at nothing', 'at nothing', 'with pages', 'at the head']),
  }
}

function speech(random: Random): Act {
  const which = share(random)
  switch (random.below(10)) {
    case 0:
    case 1:
      return { act: 'edit', which, own: !random.oneIn(5) }
    case 2:
      return { act: 'delete', which, own: !random.oneIn(5) }
    case 3:
    case 4:
      return { act: 'react', which, reaction: random.pick(REACTIONS), on: !random.oneIn(3) }
    default: {
      const size = random.pick([0, 0, 0, 20, 1000, 8000])
      return { act: 'say', size, count: random.oneIn(5) ? 2 + random.below(8) : 1 }
    }
  }
}

function faultOf(
  random: Random,
  fault: (typeof FAULTS)[number],
  people: number,
  there: number,
): Act {
  const direction = random.pick(['up', 'down'] as const)
  const lasts = 20 + random.below(200)
  switch (fault) {
    case 'evict':
      return { act: fault, webSockets: random.oneIn(5) ? 'close' : 'hibernate' }
    case 'charge':
      return { act: fault, sends: 1 + random.below(6), later: random.oneIn(2) }
    case 'fail':
      return { act: fault, which: random.pick(['insert', 'update']), lasts: random.below(60) }
    case 'cut':
      return { act: fault, how: random.pick(CUTS) }
    case 'lose':
      return { act: fault, direction, count: 1 + random.below(3) }
    case 'hold':
      return { act: fault, direction, lasts }
    case 'congest':
      return { act: fault, lasts }
    case 'reload':
      return { act: fault, abruptly: random.oneIn(2), keeping: random.oneIn(2) }
    case 'join':
      if (there === MOST_VISITORS) return { act: 'drop' }
      return { act: fault, plan: planOf(random, people, random.oneIn(2)) }
    default:
      return { act: fault }
  }
}
