// What somebody asks of a room without a platform, which is evicted around it.

import { Refusal } from '../../src/refusals.ts'
import type { Room } from '../../src/room/room.ts'
import type { Turn } from '../../src/room/turn.ts'
import type { FakeRoom } from './fake-room.ts'

/** What is answered, or the code of the refusal. The room is evicted before and after (H1). */
export function askRoom<Answer>(
  room: FakeRoom,
  work: (turn: Turn, room: Room) => Answer,
): Answer | string {
  room.evict()
  let answer: Answer | string = ''
  room.turn((turn) => {
    try {
      answer = work(turn, room.room)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answer = error.code
    }
  })
  room.evict()
  return answer
}
