// The link to a room or an invitation. The id or the token is in the fragment, which no server ever
// gets.

/** The URL of a room on the host of the page. */
export const linkOf = (roomId: string) =>
  new URL(`/#room=${encodeURIComponent(roomId)}`, location.href).href

const inLocation = (name: string) => new URLSearchParams(location.hash.slice(1)).get(name) ?? ''

/** The id of the room in the address, or ''. */
export const roomInLocation = () => inLocation('room')

/** The token of the invitation in the address, or ''. */
export const invitationInLocation = () => inLocation('invitation')
