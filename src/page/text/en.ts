// What the first bundle of the page says, in English. ko.ts has the same keys; the compiler
// compares them.

import { refusals } from './en-refusals.ts'
import { rooms } from './en-rooms.ts'

/** By name. A text with a placeholder is a function of its value. */
export const en = {
  ...rooms,
  ...refusals,

  // The welcome page
  tagline: 'Open a room, share the link, talk.',
  invited: 'You were invited to a room. Come in.',
  waysIn: 'Ways to come in',
  guest: 'Guest',
  signIn: 'Sign in',
  register: 'Register',
  yourName: 'Your name',
  namePlaceholder: 'What others will call you',
  enter: 'Start talking',
  guestNote: 'No account needed: you are a guest in this browser.',
  username: 'User name',
  usernameHint: '3 to 32 of a–z, 0–9, dot, hyphen and underscore.',
  password: 'Password',
  passwordHint: '8 characters at least.',
  showPassword: 'Show the password',
  displayName: 'Name that others see (optional)',
  createAccount: 'Create account',
  or: 'or',
  continueWith: (name: string) => `Continue with ${name}`,
  arriving: 'Signing you in…',
  busy: (seconds: number) =>
    'Many people are signing in just now. You are let in as soon as there is room: ' +
    `the next try is in ${seconds} s.`,
  language: 'Language',
  partFailed: 'This part of the page did not load. If you are online, reload the page.',

  // The reader
  you: 'you',
  lookalike: 'looks like another',
  lookalikeNote: 'This name looks like that of another person here.',
  account: 'Account',
  newPassword: 'New password',
  loading: 'Loading…',

  // Connection
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  connected: 'Connected',
  waiting: 'Connection lost',
  countdown: (seconds: number) => `Next try in ${seconds} s.`,
  tryNow: 'Try now',
  offline: 'You are offline',
  ended: 'Disconnected',
  useHere: 'Continue here',

  // The log
  log: 'Messages',
  loadingHistory: 'Loading messages…',
  older: 'Show older messages',
  olderFailed: 'Older messages did not load. Try again',
  beginning: 'The conversation begins here.',
  emptyRoom: 'Nothing has been said here yet.',
  emptyHint: 'Write the first line, or invite somebody.',
  today: 'Today',
  yesterday: 'Yesterday',
  newMessages: (count: number) => (count === 1 ? '1 new message' : `${count} new messages`),
  toNewest: 'To the newest',
  sending: 'Sending…',
  sent: 'Sent',
  failed: 'Not sent.',
  unsure: 'It is not certain that this was sent.',
  retry: 'Send again',
  edit: 'Edit',
  discard: 'Discard',
  more: 'What to do with it',
  edited: 'edited',
  mentionsYou: 'mentions you',
  messageDeleted: 'This message was deleted.',
  deleteMessage: 'Delete',
  deleteSure: 'Delete for everyone?',

  // Who types: these people, and what they do. Their number is 1, 2, or more.
  typists: (names: readonly string[]) =>
    names.length > 2 ? 'Several people' : names.join(' and '),
  typing: (count: number) => `${count === 1 ? 'is' : 'are'} typing…`,

  // The composer
  message: 'Message',
  messagePlaceholder: 'Write a message',
  readersOnly: 'You may read here, and not write.',
  closedToRole: 'Here only moderators and the owner write.',
  closedArchived: 'This room is archived. Everything can be read, and nobody writes.',
  closedFrozen: 'The room is frozen. For now only moderators and the owner write.',
  closedMuted: (end: string) => `You are muted until ${end}.`,
  send: 'Send',
  sendHint: 'Enter sends, Shift+Enter starts a new line.',
  revising: 'Editing a message',
}
