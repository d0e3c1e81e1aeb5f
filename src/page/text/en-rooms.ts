// What the page says of rooms and their people, in English.

/** By name. A text with a placeholder is a function of its value. */
export const rooms = {
  // Rooms
  rooms: 'Rooms',
  myRooms: 'My rooms',
  publicRooms: 'Public rooms',
  findRooms: 'Find a public room',
  noRoomFound: 'No public room has a name that begins like this.',
  noOtherRooms: 'There is no other public room.',
  newRoom: 'New room',
  refresh: 'Refresh the list',
  noRooms: 'No public room yet. Make the first one.',
  roomsFailed: 'The list did not load.',
  moreRooms: 'More rooms',
  hideRoom: (name: string) => `Hide the conversation with ${name}`,
  recentRooms: 'Visited lately',
  roomBy: (name: string) => `by ${name}`,
  public: 'Public',
  unlisted: 'Unlisted',
  private: 'Private',
  privateNote: 'For its members alone. To others it does not exist.',
  broadcast: 'Broadcast',
  direct: 'Direct',
  directNote: 'For the two of you.',
  cancel: 'Cancel',
  close: 'Close',
  pickRoom: 'Pick a room, or make a new one.',

  // One room
  back: 'Back to the rooms',
  people: 'Who is here',
  here: (count: number) => `${count} here`,
  moreHere: (count: number) => `and ${count} more`,
  share: 'Invite',
  shareTitle: 'Invite people',

  // What a room is, and may be set to
  roomSettings: 'About this room',
  reason: 'Reason',
  untilWhen: (end: string) => `until ${end}`,

  // The people of a room
  findPeople: 'Find by name',
  otherMembers: 'Other members',
  membersFailed: 'The members did not load.',
  moreMembers: 'More members',
  personMenu: (name: string) => `What to do with ${name}`,
  roleOwner: 'Owner',
  roleModerator: 'Moderator',
  roleReader: 'Reads only',
  roleBanned: 'Banned',
  unblock: 'Unblock',

  // What happened in a room
  somebody: 'Somebody',
  noteJoined: (name: string) => `${name} joined.`,
  noteLeft: (name: string) => `${name} left.`,
  noteKicked: ([by, who]: readonly string[]) => `${by} removed ${who}.`,
  noteOwner: (name: string) => `${name} owns the room now.`,
  noteModerator: (name: string) => `${name} is a moderator now.`,
  noteWriter: (name: string) => `${name} may write now.`,
  noteReader: (name: string) => `${name} may only read now.`,
  noteBanned: (name: string) => `${name} was banned.`,
  noteName: (name: string) => `The room is called ${name} now.`,
  noteDescription: 'The description of the room was changed.',
  noteArchived: 'The room was archived.',
  noteRestored: 'The room is no longer archived.',
  notePinned: (name: string) => `${name} pinned a message.`,
  noteUnpinned: (name: string) => `${name} unpinned a message.`,

  // What a moderator did to the reader
  toldOwner: 'You own this room now.',
  toldModerator: 'You are a moderator now.',
  toldWriter: 'You may write now.',
  toldReader: 'You may only read now.',
  toldUnmuted: 'You may write again.',
  toldDeleted: 'A message of yours was deleted.',
  toldCleared: 'Messages of yours were deleted.',
  showTarget: 'Show where',

  // Replies and pins
  reply: 'Reply',
  answering: (name: string) => `Replying to ${name}`,
  answers: 'Replies to',
  toOriginal: 'Show the original',
  pin: 'Pin',
  unpin: 'Unpin',
  pins: 'Pinned messages',
  pinnedBefore: 'A message from before',

  // Invitations
  invitation: 'Invitation',
  invitedTo: ([by, room]: readonly string[]) => `${by} invites you to “${room}”. Come in.`,
  join: 'Join',

  // Moderation
  report: 'Report',

  // Mutes and slow mode
  mutedMark: 'Muted',
  slowWait: (seconds: number) => `Slow mode: ${seconds} s to your next message.`,
}
