// The client library: everything that an application imports from `stompbox/client`.

export { renewalDue } from './connection/renewal-due.ts'
export { LONGEST_RETRY_AFTER_MS, retryAfterOf } from './connection/retry-after.ts'
export { endsSignIn } from './connection/retry-policy.ts'
export { createHttpApi, type HttpApi, HttpRefusal } from './http-api.ts'
export type { ChatEvent, Person, Quote, Signal } from './log/events.ts'
export {
  foldEvent,
  type MessageState,
  messagesFrom,
  NO_MESSAGES,
  pinnedMessages,
} from './log/messages.ts'
export type { RoomApi, RoomClient, RoomClientOptions, Session, State } from './options.ts'
export type { Entry, EntryBody, OutboxStore } from './outbox/entry.ts'
export { createIndexedDbOutbox, forgetOutboxes } from './outbox/indexed-db-outbox.ts'
export { createMemoryOutbox } from './outbox/memory-outbox.ts'
export type { Platform } from './platform.ts'
export { createPresence, type People, type Presence } from './presence.ts'
export { createRoomClient } from './room-client.ts'
export type {
  StompClient,
  StompClientClass,
  StompClientConfig,
  StompMessage,
  WebSocketClass,
} from './stomp-client.ts'
export type { Timing } from './timing.ts'
export {
  createTokenSession,
  type Grant,
  type TokenSession,
  type TokenSessionOptions,
} from './token-session.ts'
