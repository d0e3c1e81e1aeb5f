// The bare objects: what a Durable Object can do at best, in the same runtime.

import { join } from 'node:path'
import { openSubject, type Subject, times } from './subject.ts'
import { RUNTIME, startWorker, type WorkerServer } from './workerd.ts'

const ABOUT = {
  naive: 'an object that says each message to all as it comes, and keeps nothing',
  keeping: 'the same, after writing it as one row',
  coalescing: 'the same, but what comes in one moment leaves as one WebSocket message to each',
}

export const NAIVE = 'bare naive'
export const KEEPING = 'bare keeping'
export const COALESCING = 'bare coalescing'

export const startBare = (): Promise<WorkerServer> =>
  startWorker(join(import.meta.dirname, 'bare-object.js'), {
    ...RUNTIME,
    durableObjects: {
      NAIVE: { className: 'Naive', useSQLite: true },
      KEEPING: { className: 'Keeping', useSQLite: true },
      COALESCING: { className: 'Coalescing', useSQLite: true },
      IGNORING: { className: 'Ignoring', useSQLite: true },
    },
  })

export async function bare(kind: keyof typeof ABOUT): Promise<Subject> {
  const { url, process, close } = await startBare()
  return openSubject({ name: `bare ${kind}`, about: ABOUT[kind], process, close }, (count) => {
    const room = new URL(`/${kind}/${crypto.randomUUID()}`, url).href
    return times(count, { url: room, greeting: [], message: '{content}' })
  })
}
