// The log as somebody reads it over HTTP. Throws what the reference client takes for "try again".

import { ask } from '../../support/people.ts'
import type { LogEvent } from './evidence.ts'

/** All of it, from the first event on. */
export async function wholeLog(url: string, token: string, roomId: string): Promise<LogEvent[]> {
  const events: LogEvent[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page = await pageOf(url, token, roomId, `after=${after}&limit=200`)
    events.push(...page.events)
    after = page.next
  }
  return events
}

/** The last seq. */
export async function headOf(url: string, token: string, roomId: string): Promise<number> {
  return (await pageOf(url, token, roomId, 'limit=1')).head
}

interface Page {
  readonly events: LogEvent[]
  readonly head: number
  readonly next: number | null
}

async function pageOf(url: string, token: string, roomId: string, query: string): Promise<Page> {
  const { status, body } = await ask(url, 'GET', `/api/rooms/${roomId}/events?${query}`, { token })
  if (status !== 200) throw Object.assign(new Error(`${status} ${body.code}`), { status })
  return body
}
