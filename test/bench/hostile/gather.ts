// Many members of a room, as a load of its own.

import type { Person } from '../../support/people.ts'
import { Load } from '../load/load.ts'
import { stompMember } from '../load/member.ts'
import type { WorkerServer } from '../subjects/workerd.ts'

/** Connections, each of a person who may have several. */
export async function gather(
  { url }: WorkerServer,
  people: readonly Person[],
  roomId: string,
  count: number,
  { connect = '', listensTo }: { connect?: string; listensTo?: string },
): Promise<Load> {
  const members = Array.from({ length: count }, (_, index) => {
    const { accessToken = '' } = people[index % people.length] ?? {}
    return stompMember({
      url: `${url}/chat?room=${roomId}`,
      headers: { Authorization: `Bearer ${accessToken}` },
      connect: `Authorization:Bearer ${accessToken}\n${connect}`,
      listensTo,
      talksTo: '/pub/send/message',
    })
  })
  return Load.of('the crowd', members)
}
