// The types of indexed-db-outbox.js.

import type { OutboxStore } from './room-client.js'

/** Keeps the entries of one person in one room in this browser: they survive a reload. */
export function createIndexedDbOutbox(owner: { userId: string; roomId: string }): OutboxStore

/** Nothing that was said and not sent stays in this browser, of nobody and in no room: for a sign-out. */
export function forgetOutboxes(): Promise<void>
