// A schedule, played step by step.

import { setTimeout as pause } from 'node:timers/promises'
import type { Act, Finale, Schedule, Step } from './schedule.ts'
import { Stage, type World } from './stage.ts'
import type { Visitor } from './visitor.ts'

export interface Outcome {
  readonly seed: number
  /** What was found broken: nothing, in a good world. */
  readonly breaches: readonly string[]
  /** What the storm came to: steps by their act, and what the wire counted. */
  readonly counts: Readonly<Record<string, number>>
}

export async function play(world: World, schedule: Schedule): Promise<Outcome> {
  const stage = await Stage.set(world, schedule)
  const counts: Record<string, number> = {}
  for (const [number, step] of schedule.steps.entries()) {
    counts[step.act] = (counts[step.act] ?? 0) + 1
    await take(stage, step, number)
    if (step.wait > 0) await pause(step.wait)
  }
  await stage.calm()
  if (schedule.finale !== 'plain') await finale(stage, schedule.finale)
  const { breaches, evidence } = await stage.settle()
  const { wire, log } = evidence
  const { connections, lost, again } = wire
  Object.assign(counts, { events: log.length, connections, lost, again })
  for (const [code, count] of wire.errors) counts[`ERROR ${code}`] = count
  return { seed: schedule.seed, breaches, counts }
}

async function take(stage: Stage, step: Step, number: number): Promise<void> {
  const visitor = stage.visitors[step.who] as Visitor
  const { client } = visitor
  const { link } = visitor.needs.route
  switch (step.act) {
    case 'say': {
      for (let index = 0; index < step.count; index++) {
        client.send(`${number}.${index} 가\n:\\ ${'x'.repeat(step.size)}`)
      }
      return
    }
    case 'edit':
    case 'delete':
    case 'react':
      change(visitor, step, number)
      return
    case 'history':
      return stage.history(`${number}`, step)
    case 'flood':
      // L5: nobody hears of the key of what is said first, and it is among old ones when it comes
      // again.
      link?.hold('down')
      client.send(`${number} before a flood`)
      await stage.history(`${number}`, step)
      await stage.fault('crash', {})
      link?.cut('reset')
      return
    case 'evict':
      await stage.fault('evict', { webSockets: step.webSockets })
      return
    case 'crash':
      await stage.fault('crash', {})
      return
    case 'charge': {
      const { sends, later } = step
      if (link?.session) await stage.fault('charge', { session: link.session, sends, later })
      return
    }
    case 'fail':
      await stage.fault('fail', { which: step.which })
      stage.later(step.lasts, () => stage.fault('fail', { which: 'nothing' }))
      return
    case 'cut':
      link?.cut(step.how)
      return
    case 'lose':
      link?.lose(step.direction, step.count)
      return
    case 'hold':
      link?.hold(step.direction)
      stage.later(step.lasts, () => link?.release(step.direction))
      return
    case 'congest': {
      if (!link?.session) return
      const { session } = link
      link.hold('down')
      await stage.fault('congest', { session, on: true })
      stage.later(step.lasts, () => {
        link.release('down')
        return stage.fault('congest', { session, on: false })
      })
      return
    }
    case 'reload':
      if (step.abruptly) link?.cut('client side')
      await visitor.end()
      if (step.keeping) visitor.goOn()
      else visitor.begin()
      return
    case 'join':
      stage.join(step.plan)
      return
    case 'drop':
      client.drop()
  }
}

/** Nothing follows that would bring it to mind: whoever is to look again has to do so by itself. */
async function finale(stage: Stage, kind: Finale): Promise<void> {
  const [trusting, other] = stage.visitors as [Visitor, Visitor]
  await stage.rest()
  if (kind !== 'lost') return stalled(stage, kind, trusting, other)
  // Q9: the second visitor may lose something.
  other.needs.route.link?.lose('down', 1)
  trusting.client.send('the last word')
}

/** R2: the room has to look again; after an eviction, when anything else wakes it. */
async function stalled(
  stage: Stage,
  kind: Finale,
  reader: Visitor,
  speaker: Visitor,
): Promise<void> {
  const session = reader.needs.route.link?.session
  if (session === undefined) return
  await stage.fault('congest', { session, on: true })
  speaker.client.send('the last word')
  await stage.rest(speaker)
  if (kind === 'evicted') await stage.fault('forget', {})
  await stage.fault('congest', { session, on: false })
  if (kind === 'evicted') speaker.client.drop()
}

type Change = Extract<Act, { act: 'edit' | 'delete' | 'react' }>

/** Of a message that the visitor has seen; where there is none he says something. */
function change({ client, known, needs }: Visitor, step: Change, number: number): void {
  const isOwn = step.act !== 'react' && step.own
  const messages = known.filter(
    ({ type, sender }) => type === 'message' && (!isOwn || sender.id === needs.person.id),
  )
  const target = messages[Math.floor(step.which * messages.length)]
  if (!target) client.send(`${number} instead`)
  else if (step.act === 'react') client.react(target.seq, step.reaction, step.on)
  else if (step.act === 'edit') client.edit(target.seq, `${number} edited`)
  else client.remove(target.seq)
}
