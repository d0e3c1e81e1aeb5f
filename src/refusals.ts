// Every "no" of Stompbox, one row each: what HTTP answers, how a socket closes, and a sentence.
// Data and one error class. Imports nothing; whoever refuses imports it.

interface Row {
  /** The status of an HTTP answer. */
  readonly status: number
  /**
   * The WebSocket close code. 1002 protocol, 1008 policy, 1009 too big, 1011 ours, 1013 slow down;
   * 4000-4499 reconnect (4401 with a new token, 4408 no sign of life, 4409 not by itself, 4429 wait
   * first); 4500-4999 do not.
   */
  readonly close: number
  readonly sentence: string
  /** True: the refusal of one SEND need not end the connection. */
  readonly mild?: true
}

const MILD = { mild: true } as const

const TABLE = {
  // Who are you.
  'token-missing': { status: 401, close: 4401, sentence: 'A token is needed here.' },
  'token-invalid': { status: 401, close: 4401, sentence: 'The token is not valid.' },
  'token-expired': { status: 401, close: 4401, sentence: 'The token has expired.' },
  'ticket-used': { status: 401, close: 4401, sentence: 'The ticket was used before.' },
  'token-early': { status: 401, close: 4401, sentence: 'The token is not valid yet.' },
  'session-too-old': {
    status: 401,
    close: 4401,
    sentence: 'The session is too old: sign in again.',
  },
  'session-ended': { status: 401, close: 4510, sentence: 'The session was ended: sign in again.' },
  'roles-changed': { status: 401, close: 4401, sentence: 'Your roles changed: get a new token.' },
  'account-disabled': { status: 403, close: 4510, sentence: 'The account is disabled.' },
  'credentials-invalid': { status: 401, close: 4401, sentence: 'No such user name and password.' },
  'sign-in-delayed': { status: 429, close: 4429, sentence: 'Too many failures: wait a little.' },
  'refresh-missing': { status: 401, close: 4401, sentence: 'A refresh token is needed here.' },
  'refresh-invalid': { status: 401, close: 4401, sentence: 'The refresh token is not valid.' },
  'refresh-expired': { status: 401, close: 4401, sentence: 'The refresh token has expired.' },
  'refresh-reused': {
    status: 401,
    close: 4510,
    sentence: 'The refresh token was used before: the session was ended.',
  },
  'principal-mismatch': {
    status: 403,
    close: 4503,
    sentence: 'The token belongs to somebody else than this connection.',
  },

  // What may you do.
  'cookie-cross-site': {
    status: 403,
    close: 4503,
    sentence: 'A page of another site cannot have the cookie: ask without it.',
  },
  'origin-refused': { status: 403, close: 4503, sentence: 'This origin is not allowed.' },
  'not-allowed': { status: 403, close: 4503, sentence: 'You are not allowed to do this.' },
  banned: { status: 403, close: 4503, sentence: 'You are banned from this room.' },
  'accounts-only': { status: 403, close: 4503, sentence: 'This room admits no guests.' },
  'standing-changed': {
    status: 403,
    close: 4000,
    sentence: 'Your role in the room changed: reconnect.',
  },
  kicked: { status: 403, close: 4503, sentence: 'You were removed from this room.' },
  left: { status: 403, close: 4503, sentence: 'You have left this room.' },
  'members-only': { status: 403, close: 4503, sentence: 'This room admits its members alone.' },
  'room-archived': { ...MILD, status: 403, close: 1008, sentence: 'The room is archived.' },
  'room-frozen': { ...MILD, status: 403, close: 1008, sentence: 'Only moderators write now.' },
  muted: { ...MILD, status: 403, close: 1008, sentence: 'You are muted in this room for now.' },
  'slow-mode': { ...MILD, status: 429, close: 4429, sentence: 'Slow mode: wait a little.' },
  'room-blocked': { status: 403, close: 4503, sentence: 'You have blocked this conversation.' },
  'guests-refused': { status: 403, close: 4503, sentence: 'Guests are not admitted.' },
  'signup-closed': { status: 403, close: 4503, sentence: 'New accounts are not admitted.' },
  'room-unknown': { status: 404, close: 4504, sentence: 'There is no such room.' },
  'room-deleted': { status: 410, close: 4504, sentence: 'The room was deleted.' },

  'not-author': { ...MILD, status: 403, close: 1008, sentence: 'The message is somebody else’s.' },
  'event-unknown': {
    status: 404,
    close: 1008,
    sentence: 'There is no such message in the log.',
    mild: true,
  },
  'content-refused': {
    ...MILD,
    status: 422,
    close: 1008,
    sentence: 'The rules of the room forbid this.',
  },
  'event-deleted': { ...MILD, status: 410, close: 1008, sentence: 'The message was deleted.' },

  'member-unknown': { status: 404, close: 4504, sentence: 'There is no such member.' },
  'heir-needed': { status: 409, close: 1008, sentence: 'Hand the room over before you leave it.' },
  'report-unknown': { status: 404, close: 4504, sentence: 'There is no such report.' },
  'invitation-unknown': { status: 404, close: 4504, sentence: 'There is no such invitation.' },
  'invitation-expired': { status: 410, close: 4504, sentence: 'The invitation has expired.' },
  'invitation-used': { status: 410, close: 4504, sentence: 'The invitation was used up.' },
  'user-unknown': { status: 404, close: 4504, sentence: 'There is no such user.' },
  'session-unknown': { status: 404, close: 4504, sentence: 'There is no such session.' },

  // Ways to sign in.
  'username-taken': { status: 409, close: 1008, sentence: 'The user name is taken.' },
  'username-reserved': { status: 422, close: 1008, sentence: 'The user name is reserved.' },
  'password-common': { status: 422, close: 1008, sentence: 'The password is too easy to guess.' },
  'already-registered': { status: 409, close: 1008, sentence: 'You have an account already.' },
  'login-taken': { status: 409, close: 1008, sentence: 'This sign-in belongs to another account.' },
  'login-unknown': { status: 404, close: 4504, sentence: 'There is no such way to sign in.' },
  'login-last': {
    status: 409,
    close: 1008,
    sentence: 'You cannot remove your last way to sign in.',
  },
  'too-many-logins': { status: 409, close: 1008, sentence: 'Too many ways to sign in.' },
  'proof-needed': { status: 403, close: 4503, sentence: 'Show that it is you: sign in again.' },
  'provider-unknown': { status: 404, close: 1008, sentence: 'There is no such provider.' },
  'provider-refused': { status: 403, close: 4503, sentence: 'The provider did not sign you in.' },
  'provider-unavailable': { status: 503, close: 1013, sentence: 'The provider does not answer.' },
  'sign-in-lost': {
    status: 400,
    close: 1008,
    sentence: 'This sign-in was not begun here, or too long ago.',
  },

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
  // It must not come back by itself: it would end the connection that replaced it, and so on.
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
} as const satisfies Record<string, Row>

export type RefusalCode = keyof typeof TABLE

export const REFUSALS: Readonly<Record<RefusalCode, Row>> = TABLE

/** Whether a word that came over a wire or a border is one of the codes. */
export function isRefusalCode(word: unknown): word is RefusalCode {
  return typeof word === 'string' && Object.hasOwn(TABLE, word)
}

/** A "no". `detail` is for the one refused: it never holds a secret or what they sent. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly detail: string | undefined
  /** The refusal of one SEND need not end the connection, as its row or the caller says. */
  readonly mild: boolean

  /** Seconds after which the same may be granted. */
  readonly retryAfter: number | undefined

  constructor(
    code: RefusalCode,
    detail?: string,
    mild = REFUSALS[code].mild ?? false,
    retryAfter?: number,
  ) {
    super(detail === undefined ? code : `${code}: ${detail}`)
    this.code = code
    this.detail = detail
    this.mild = mild
    this.retryAfter = retryAfter
  }

  get row(): Row {
    return REFUSALS[this.code]
  }

  /** The sentence and the detail, for a person. */
  get text(): string {
    return this.detail === undefined ? this.row.sentence : `${this.row.sentence} (${this.detail})`
  }
}
