// What is measured: something that passes on what it is told, and how one gets into a room of it.

import type { Member } from '../load/member.ts'
import type { Measured } from '../processes.ts'

/** A subject that runs. */
export interface Subject {
  readonly name: string
  /** One line for the method. */
  readonly about: string
  readonly process: Measured
  /** Everybody in a new room, hearing everything. */
  crowd(count: number): Promise<Member[]>
  /**
   * Two in a new room: one who talks and hears that each message was taken (by its own message,
   * where there is no other sign), and one who reads.
   */
  pair(): Promise<Member[]>
  /** Everybody in a new room, each with all that it takes to get in. */
  strangers(count: number): Promise<Member[]>
  /** The same, of people who have signed in before. */
  known(count: number): Promise<Member[]>
  /** Does what getting in has left to be done, so that it is not measured with what follows. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** A subject where getting in takes nothing but a WebSocket. */
export function openSubject(
  about: Pick<Subject, 'name' | 'about' | 'process' | 'close'>,
  members: (count: number) => Member[],
): Subject {
  const crowd = async (count: number) => members(count)
  return {
    ...about,
    crowd,
    strangers: crowd,
    known: crowd,
    pair: () => crowd(2),
    rest: async () => {},
  }
}

/** So many times the same member. */
export const times = (count: number, member: Member): Member[] =>
  Array.from({ length: count }, () => member)
