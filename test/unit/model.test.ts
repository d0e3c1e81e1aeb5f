// The resume protocol of docs/protocol.md, explored: its promises hold in every state of small
// worlds, and each deliberate mistake is caught. `npx node test/deep/model/check.ts --world big`
// explores the whole.

import { afterAll, describe, expect, it } from 'vitest'
import { chat } from '../deep/model/chat.ts'
import { explore } from '../deep/model/explore.ts'
import { hunt, lawsBroken } from '../deep/model/hunt.ts'
import { LIBERTIES, MUTANTS, titleOf } from '../deep/model/mutants.ts'
import { naively } from '../deep/model/naively.ts'
import { PROTOCOL } from '../deep/model/protocol.ts'
import { MIDDLE, SMALL } from '../deep/model/worlds.ts'

const told: string[] = []
afterAll(() => console.log(told.join('\n')))

describe('the protocol', () => {
  const used = new Set<string>()

  it.each(MIDDLE)('[L1] [L2] [L3] [L4] [L5] [L6] [R2] [E1] [E2] holds: $name', (bounded) => {
    const { name, world, faults } = bounded
    const { states, steps, rests, broken, ...found } = explore(chat(world, PROTOCOL), faults)
    expect(broken).toBeUndefined()
    expect(rests).toBeGreaterThan(0)
    expect(states).toBeGreaterThan(rests)
    expect(steps).toBeGreaterThan(states)
    for (const rule of found.used) used.add(rule)
    told.push(`${name}: ${states} states, ${steps} steps, ${faults} faults`)
  })

  it('is explored whole: every rule of the model had its part', () => {
    const all = SMALL.flatMap(({ world }) => chat(world, PROTOCOL).rules.map(({ name }) => name))
    expect([...used].sort()).toEqual([...new Set(all)].sort())
  })

  it.each(LIBERTIES)('[$rule] leaves a client the liberty: it $name', ({ protocol }) => {
    for (const { world } of SMALL) {
      expect(explore(chat(world, protocol), 2).broken).toBeUndefined()
    }
  })
})

describe('a mistake is caught', () => {
  const ROWS = [
    '[L1] [D1] a seq is taken before the event before it is appended',
    '[L5] [D2] keys are not looked up',
    '[L4] [D2] a key is the whole room’s, not its sender’s',
    '[L4] [D2] the RECEIPT of a known key tells the head',
    '[L5] [D2] the window of keys is one event',
    '[L5] [D13] keys are remembered by the connection',
    '[L3] [D3] events are delivered before they are durable',
    '[L3] [D3] a resume gives what is not durable',
    '[L4] [D3] a RECEIPT leaves before its event is durable',
    '[L4] [D3] a known key is answered before its event is durable',
    '[L6] [D4] the prev of a live event is counted from the head',
    '[L2] [D4] events appended together are encoded once',
    '[L6] [D5] a subscription behind is given live events too',
    '[L6] [D5] a chunk begins with the event at the cursor',
    '[L6] [D5] a chunk has the newest events',
    '[L6] [D5] the prev of a replayed event is wrong',
    '[L6] [D6] a resume leaves out the event that is being committed',
    '[L6] [D6] a subscription is live after its first chunk',
    '[L6] [D7] a slow reader misses an event and stays at the head',
    '[L6] [D7] a slow reader falls behind after the event that it missed',
    '[L6] [D7] a slow reader falls behind where the head is',
    '[L6] [D8] `after` is off by one',
    '[L6] [D9] the cursor is moved in a turn before the one that sends',
    '[L5] [D10] keys are not read again after an eviction',
    '[L1] [D10] the head is not read again after an eviction',
    '[L6] [D10] cursors are lost in an eviction',
    '[L4] [D11] a key is remembered whose event was undone',
    '[L1] [D11] the seq of an event that was undone is not used again',
    '[L3] [D11] an event that was undone is delivered',
    '[R2] [D12] nobody looks at a slow reader again',
    '[R2] [D12] nobody looks for who is behind after an eviction',
    '[R2] [D12] a chunk that could not be read is not tried again',
    '[L3] [D14] a page shows what is not durable',
    '[E1] [Q1] a sender takes a closed connection for a RECEIPT',
    '[L5] [Q2] a message is sent again under a new key',
    '[E1] [Q3] a sender waits for its RECEIPT for ever',
    '[E2] [Q4] a reader resumes after the event that it lacks',
    '[L6] [Q5] [Q8] a reader shows an event again',
    '[L6] [Q6] a reader does not look at prev',
    '[E1] [Q7] a reader goes on from an event that it has not shown',
    '[E1] [Q9] a reader that hears nothing never looks again',
    '[E1] [Q10] a reader reads the head after the page',
  ]

  it.each(MUTANTS.map((mutant) => ({ title: titleOf(mutant), mutant })))('$title', (row) => {
    const caught = hunt(row.mutant)
    const laws = caught ? lawsBroken(caught.broken) : []
    expect(laws).toContain(row.mutant.law)
    const steps = caught?.broken.trace.length
    told.push(`${row.title}: caught by ${laws.join(' and ')}, "${caught?.world}", step ${steps}`)
  })

  it('each of those that are listed here', () => {
    expect(MUTANTS.map(titleOf)).toEqual(ROWS)
  })

  it('with the way that leads to it', () => {
    const mutant = MUTANTS.find(({ name }) => name === 'keys are not read again after an eviction')
    expect(mutant && hunt(mutant)?.broken).toEqual({
      breaches: [{ id: 'L5', how: 'the log is [1 a1, 2 a1]' }],
      trace: [
        'a connects: sends a1',
        'a is heard: a1 is 1',
        'the room commits',
        'the room crashes (fault)',
        'a connects: sends a1',
        'a is heard: a1 is 2',
      ],
    })
  })
})

describe('the explorer', () => {
  it.each([1, 2])('finds what a naive search finds, with %i readers', (readers) => {
    const machine = chat({ senders: [[1]], readers }, PROTOCOL)
    expect(explore(machine, Number.POSITIVE_INFINITY).states).toBe(naively(machine))
  })

  it('finds no more with faults without end than with many', () => {
    const machine = chat({ senders: [[1]], readers: 1 }, PROTOCOL)
    const counts = [0, 1, 2, 30, Number.POSITIVE_INFINITY].map(
      (faults) => explore(machine, faults).states,
    )
    expect(counts).toEqual([...counts].sort((one, other) => one - other))
    expect(counts[3]).toBe(counts[4])
    expect(new Set(counts).size).toBe(4)
  })
})
