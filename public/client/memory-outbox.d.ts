// The types of memory-outbox.js.

import type { OutboxStore } from './room-client.js'

/** Keeps entries in memory: they survive a client that is stopped and made anew, and no reload. */
export function createMemoryOutbox(): OutboxStore
