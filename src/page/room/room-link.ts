// The link to a room. The room's id is in the fragment, which no server ever gets.

export const linkOf = (roomId: string) =>
  new URL(`/#room=${encodeURIComponent(roomId)}`, location.href).href

/** The id of the room in the address, or ''. */
export const roomInLocation = () => new URLSearchParams(location.hash.slice(1)).get('room') ?? ''
