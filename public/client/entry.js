// @ts-check
// What somebody says, as an entry of the outbox; and an entry, as the SEND that carries it. Pure.

/** @typedef {import('./room-client.js').Entry} Entry */
/** @typedef {Pick<Entry, 'kind' | 'body'>} Saying */
/** @typedef {{ destination: string, headers: Record<string, string>, body: string }} Send */

/** @type {Record<Entry['kind'], string>} */
const DESTINATIONS = {
  message: '/pub/send/message',
  edit: '/pub/edit/message',
  delete: '/pub/delete/message',
  reaction: '/pub/react/message',
}

/**
 * What an application may say.
 * @param {(saying: Saying) => string} say
 * @returns {Pick<import('./room-client.js').RoomClient, 'send' | 'edit' | 'remove' | 'react'>}
 */
export const sayings = (say) => ({
  send: (content, more = {}) => say({ kind: 'message', body: { content, ...more } }),
  edit: (seq, content) => say({ kind: 'edit', body: { seq, content } }),
  remove: (seq) => say({ kind: 'delete', body: { seq } }),
  react: (seq, reaction, on = true) => say({ kind: 'reaction', body: { seq, reaction, on } }),
})

/**
 * `again`: it was tried before, and may be in the log already.
 * @param {Entry} entry
 * @param {string} receipt
 * @param {boolean} again
 * @returns {Send}
 */
export const sendOf = ({ key, kind, body, since }, receipt, again) => ({
  destination: DESTINATIONS[kind],
  headers: {
    'content-type': 'application/json',
    'idempotency-key': key,
    receipt,
    // A key that nobody has tried cannot have been forgotten, whatever this clock says.
    ...(again ? { 'idempotency-since': String(since) } : {}),
  },
  body: JSON.stringify(body),
})

/** Without the code of an earlier refusal. @param {Entry} entry */
export function uncoded({ code: _, ...entry }) {
  return entry
}
