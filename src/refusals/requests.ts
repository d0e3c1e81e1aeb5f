// Refusals of what is asked: how much, how it is written, and when.

import { MILD, type RefusalRow } from './row.ts'

/** By code. */
export const REQUESTS = {
  // How much.
  'too-fast': { ...MILD, status: 429, close: 4429, sentence: 'Too many at once: wait a little.' },
  'too-many-rooms': {
    status: 403,
    close: 4503,
    sentence: 'You have as many rooms as you may: delete one first.',
  },
  'in-too-many-rooms': {
    status: 429,
    close: 4429,
    sentence: 'This sign-in is in too many rooms at once: leave one.',
  },
  'room-busy': {
    status: 503,
    close: 1013,
    sentence: 'The room has as many connections as it takes: try again later.',
  },
  'too-many-frames': { status: 429, close: 4429, sentence: 'Too many frames: wait a little.' },
  'too-many-transactions': { status: 429, close: 1008, sentence: 'Too much in transactions.' },
  'room-full': { status: 507, close: 1008, sentence: 'The room is full.', mild: true },
  'too-many-members': { status: 403, close: 4503, sentence: 'The room has too many members.' },
  'queue-full': { status: 429, close: 4429, sentence: 'The work queues are full.', mild: true },
  'too-many-reactions': {
    status: 429,
    close: 1008,
    sentence: 'The message has too many reactions.',
    mild: true,
  },
  'too-many-pins': {
    status: 429,
    close: 1008,
    sentence: 'The room has too many pins.',
    mild: true,
  },
  'too-many-reports': {
    status: 429,
    close: 1008,
    sentence: 'The moderators have too many reports to settle.',
    mild: true,
  },
  'too-many-invitations': {
    status: 429,
    close: 1008,
    sentence: 'The room has too many open invitations.',
    mild: true,
  },
  'too-many-subscriptions': { status: 429, close: 1008, sentence: 'Too many subscriptions.' },
  'content-too-large': { ...MILD, status: 413, close: 1009, sentence: 'The message is too long.' },
  'frame-too-large': { status: 413, close: 1009, sentence: 'The frame is larger than a limit.' },
  'body-too-large': { status: 413, close: 1009, sentence: 'The request body is too large.' },

  // How it is written: HTTP.
  'upgrade-required': { status: 426, close: 1002, sentence: 'This address speaks WebSocket.' },
  'route-unknown': { status: 404, close: 1002, sentence: 'There is nothing at this address.' },
  'sockjs-unsupported': { status: 404, close: 1002, sentence: 'SockJS is not served here.' },
  'method-not-allowed': { status: 405, close: 1002, sentence: 'The address has no such method.' },
  'media-type-refused': {
    status: 415,
    close: 1002,
    sentence: 'The body must be application/json.',
  },
  'body-malformed': { status: 400, close: 1002, sentence: 'The body is not well-formed JSON.' },
  'query-invalid': { status: 400, close: 1002, sentence: 'The query is not valid.' },
  'body-invalid': { status: 422, close: 1008, sentence: 'The body is invalid.', mild: true },

  // How it is written: STOMP.
  'frame-malformed': { status: 400, close: 1002, sentence: 'The frame is not well-formed.' },
  'command-unknown': { status: 400, close: 1002, sentence: 'There is no such command.' },
  'command-unsupported': { status: 501, close: 1002, sentence: 'The command is not served here.' },
  'version-unsupported': { status: 400, close: 1002, sentence: 'No version of STOMP in common.' },
  'header-missing': { status: 400, close: 1002, sentence: 'A header is missing.' },
  'header-invalid': { status: 400, close: 1002, sentence: 'A header is not valid.' },
  'not-connected': { status: 400, close: 1002, sentence: 'CONNECT comes first.' },
  'already-connected': { status: 400, close: 1002, sentence: 'CONNECT comes once.' },
  'after-unknown': { status: 416, close: 4516, sentence: 'The log has no such seq: begin anew.' },
  'key-forgotten': {
    status: 409,
    close: 1008,
    sentence: 'The idempotency-key is too old to know whether it was used.',
    mild: true,
  },
  'key-reused': { status: 422, close: 1008, sentence: 'The key was used before.', mild: true },
  'subscription-exists': { status: 409, close: 1002, sentence: 'The subscription id is in use.' },
  'subscription-unknown': { status: 404, close: 1002, sentence: 'There is no such subscription.' },
  'message-unknown': { status: 404, close: 1002, sentence: 'No such message to acknowledge.' },
  'transaction-exists': { status: 409, close: 1002, sentence: 'The transaction id is in use.' },
  'transaction-unknown': { status: 404, close: 1002, sentence: 'There is no such transaction.' },

  // Time and chance.
  'connect-late': { status: 408, close: 4408, sentence: 'CONNECT did not come in time.' },
  'frame-late': { status: 408, close: 4408, sentence: 'The rest of a frame did not come in time.' },
  'frame-lost': { status: 503, close: 4000, sentence: 'The start of a frame was lost: reconnect.' },
  'too-slow': { status: 408, close: 4000, sentence: 'The client read too slowly: reconnect.' },
  // A client must not reconnect by itself: it would end the connection that replaced it, and so on.
  replaced: { status: 409, close: 4409, sentence: 'A newer connection of yours took its place.' },
  'no-sign-of-life': { status: 408, close: 4408, sentence: 'No heart-beat came for too long.' },
  'hook-unavailable': {
    ...MILD,
    status: 503,
    close: 1013,
    sentence: 'What checks messages gave no answer: try again.',
  },
  unavailable: { status: 503, close: 1013, sentence: 'Not available just now: try again.' },
  internal: { status: 500, close: 1011, sentence: 'Internal error.' },
} as const satisfies Record<string, RefusalRow>
