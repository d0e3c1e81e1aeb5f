// Refusals of people: who they are, and what they may do.

import { MILD, type RefusalRow } from './row.ts'

/** By code. */
export const PEOPLE = {
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
  'too-many-drafts': { status: 409, close: 1008, sentence: 'You have drafts in too many rooms.' },
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
} as const satisfies Record<string, RefusalRow>
