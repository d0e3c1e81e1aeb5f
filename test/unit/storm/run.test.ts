import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../deep/storm/play.ts'
import { playAll } from '../../deep/storm/run.ts'
import type { Schedule } from '../../deep/storm/schedule.ts'

const good = async ({ seed }: Schedule): Promise<Outcome> => ({ seed, breaches: [], counts: {} })
const broken = async (schedule: Schedule): Promise<Outcome> => ({
  ...(await good(schedule)),
  breaches: ['[L1] a hole'],
})
const unplayed = () => Promise.reject(new Error('no server'))

const seeds = (outcomes: readonly Outcome[]) => outcomes.map(({ seed }) => seed)

describe('a storm', () => {
  it('plays each of its schedules once', async () => {
    const outcomes = await playAll({ seed: 7, count: 30 }, () => good)
    expect(seeds(outcomes)).toEqual(Array.from({ length: 30 }, (_, n) => 7 + n))
  })

  it.each([
    ['cannot be played', unplayed, '[E1] was not played: Error: no server'],
    ['break a law', broken, '[L1] a hole'],
  ])('ends early where all of them %s', async (_, play, breach) => {
    const told: Outcome[] = []
    const onOutcome = (outcome: Outcome) => void told.push(outcome)
    const outcomes = await playAll({ seed: 1, count: 200, lanes: 1, onOutcome }, () => play)
    expect(seeds(outcomes)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(outcomes.map(({ breaches }) => breaches)).toEqual(outcomes.map(() => [breach]))
    expect(told).toEqual(outcomes)
  })

  it('ends with what its lanes have begun', async () => {
    const outcomes = await playAll({ seed: 1, count: 200 }, () => unplayed)
    expect(outcomes.length).toBeLessThan(8 + 8)
  })

  it('goes on where fewer of them fail', async () => {
    const play = (schedule: Schedule) => (schedule.seed <= 7 ? unplayed() : good(schedule))
    expect(await playAll({ seed: 1, count: 40 }, () => play)).toHaveLength(40)
  })
})
