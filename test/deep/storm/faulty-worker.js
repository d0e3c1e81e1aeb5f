// The Worker as it is deployed, and beside it what only the inside of a room can do to it: a crash,
// at once or in the middle of a turn; writes that fail; a reader that is congested, which this
// runtime does not tell. Nothing of the Worker is changed: it is imported as it was built.

import { DurableObject } from 'cloudflare:workers'
import { AsyncLocalStorage } from 'node:async_hooks'
import unsafe from 'workerd:unsafe'
import gateway, { RoomObject as Room } from './built.js'

export * from './built.js'

/** Ids of sessions whose reader takes nothing. */
const congested = new Set()
/** Crashes to come when a session is sent to, by its id. */
const charges = new Map()
/** The context that each room lives in now, by the id of its object. */
const contexts = new Map()

const sessionOf = (ws) => ws.deserializeAttachment()?.id
const crash = (id) => contexts.get(id)?.abort('storm: a crash')

Object.defineProperty(WebSocket.prototype, 'bufferedAmount', {
  get() {
    return congested.size > 0 && congested.has(sessionOf(this)) ? Number.MAX_SAFE_INTEGER : 0
  },
})

const { send } = WebSocket.prototype
WebSocket.prototype.send = function (message) {
  send.call(this, message)
  if (charges.size === 0) return
  const session = sessionOf(this)
  const charge = charges.get(session)
  if (!charge || --charge.sends > 0) return
  charges.delete(session)
  if (charge.later) setTimeout(() => crash(charge.id), 0)
  else crash(charge.id)
}

const FAILING = { insert: 'BEFORE INSERT', update: 'BEFORE UPDATE' }

/** The life that code runs in: one that is over leaves no timer behind. */
const lives = new AsyncLocalStorage()
const { setTimeout } = globalThis
globalThis.setTimeout = (act, delay) => {
  const life = lives.getStore()
  return setTimeout(() => life?.over || act(), delay)
}

/**
 * A room that can be made to forget while it waits for a timer, when the runtime does not evict it.
 */
export class RoomObject extends DurableObject {
  #life
  /** Calls that are not over. */
  #calls = 0

  constructor(ctx, env) {
    super(ctx, env)
    contexts.set(ctx.id.toString(), ctx)
    this.#begin()
  }

  #begin() {
    const life = { over: false }
    life.room = lives.run(life, () => new Room(this.ctx, this.env))
    this.#life = life
  }

  async stormCall(name, given) {
    const life = this.#life
    this.#calls++
    try {
      return await lives.run(life, () => life.room[name](...given))
    } finally {
      this.#calls--
    }
  }

  stormForget() {
    if (this.#calls > 0) return false
    this.#life.over = true
    this.#begin()
    return true
  }

  stormCrash() {
    crash(this.ctx.id.toString())
  }

  stormCharge(session, sends, later) {
    charges.set(session, { id: this.ctx.id.toString(), sends, later })
  }

  stormFail(which) {
    const { sql } = this.ctx.storage
    sql.exec('DROP TRIGGER IF EXISTS storm')
    if (!Object.hasOwn(FAILING, which)) return
    sql.exec(`CREATE TRIGGER storm ${FAILING[which]} ON events
      BEGIN SELECT RAISE(ABORT, 'storm: a write fails'); END`)
  }
}

for (
  let layer = Room.prototype;
  layer !== DurableObject.prototype;
  layer = Object.getPrototypeOf(layer)
) {
  for (const name of Object.getOwnPropertyNames(layer)) {
    if (name === 'constructor' || Object.hasOwn(RoomObject.prototype, name)) continue
    RoomObject.prototype[name] = function (...given) {
      return this.stormCall(name, given)
    }
  }
}

const FAULTS = {
  crash: (room) => room.stormCrash(),
  charge: (room, { session, sends, later }) => room.stormCharge(session, sends, later),
  fail: (room, { which }) => room.stormFail(which),
  evict: (room, { webSockets }) => unsafe.evict(room, { webSockets }),
  forget: async (room) => {
    // A loop that never waits lets no message in, and no call would come to its end.
    while (!(await room.stormForget())) await new Promise((resolve) => setTimeout(resolve, 1))
  },
  congest: (_, { session, on }) => (on ? congested.add(session) : congested.delete(session)),
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url)
    const [, storm, fault, roomId] = pathname.split('/')
    if (storm !== 'storm') return gateway.fetch(request, env, ctx)
    try {
      await FAULTS[fault](env.ROOM.get(env.ROOM.idFromName(roomId)), await request.json())
      return new Response('done')
    } catch (error) {
      // A room that is gone, or just crashed, cannot be evicted or asked.
      return new Response(String(error))
    }
  },
}
