// What the page says of rooms and their people, in Korean.

import type { rooms as en } from './en-rooms.ts'

/** The same names as the English ones, which the compiler compares. */
export const rooms: typeof en = {
  // Rooms
  rooms: '대화방',
  myRooms: '내 대화방',
  publicRooms: '공개 대화방',
  findRooms: '공개 대화방 찾기',
  noRoomFound: '그렇게 시작하는 이름의 공개 대화방이 없어요.',
  noOtherRooms: '다른 공개 대화방이 없어요.',
  newRoom: '새 대화방',
  refresh: '목록 새로 고침',
  noRooms: '아직 공개된 대화방이 없어요. 첫 번째 방을 만들어 보세요.',
  roomsFailed: '목록을 불러오지 못했어요.',
  moreRooms: '더 보기',
  hideRoom: (name) => `${name} 님과의 대화 숨기기`,
  recentRooms: '최근에 들른 방',
  roomBy: (name) => `${name} 님이 만듦`,
  public: '공개',
  unlisted: '링크 공개',
  private: '비공개',
  privateNote: '멤버만 들어올 수 있어요. 다른 사람에게는 없는 방이에요.',
  broadcast: '방송',
  direct: '1:1 대화',
  directNote: '두 사람만의 방이에요.',
  cancel: '취소',
  close: '닫기',
  pickRoom: '대화방을 고르거나 새로 만들어 보세요.',

  // One room
  back: '대화방 목록으로',
  people: '함께 있는 사람',
  here: (count) => `${count}명 참여 중`,
  moreHere: (count) => `외 ${count}명`,
  share: '초대',
  shareTitle: '초대하기',

  // What a room is, and may be set to
  roomSettings: '대화방 정보',
  reason: '이유',
  untilWhen: (end) => `${end}까지`,

  // The people of a room
  findPeople: '이름으로 찾기',
  otherMembers: '다른 멤버',
  membersFailed: '멤버를 불러오지 못했어요.',
  moreMembers: '멤버 더 보기',
  personMenu: (name) => `${name} 님에게 할 일`,
  roleOwner: '방장',
  roleModerator: '운영자',
  roleReader: '읽기 전용',
  roleBanned: '차단됨',
  unblock: '차단 풀기',

  // What happened in a room
  somebody: '누군가',
  noteJoined: (name) => `${name} 님이 들어왔어요.`,
  noteLeft: (name) => `${name} 님이 나갔어요.`,
  noteKicked: ([by, who]) => `${by} 님이 ${who} 님을 내보냈어요.`,
  noteOwner: (name) => `${name} 님이 방장이 됐어요.`,
  noteModerator: (name) => `${name} 님이 운영자가 됐어요.`,
  noteWriter: (name) => `${name} 님이 이제 글을 쓸 수 있어요.`,
  noteReader: (name) => `${name} 님은 이제 읽기만 할 수 있어요.`,
  noteBanned: (name) => `${name} 님이 차단됐어요.`,
  noteName: (name) => `방 이름이 ${name}(으)로 바뀌었어요.`,
  noteDescription: '방 소개가 바뀌었어요.',
  noteArchived: '방이 보관됐어요.',
  noteRestored: '방의 보관이 풀렸어요.',
  notePinned: (name) => `${name} 님이 메시지를 고정했어요.`,
  noteUnpinned: (name) => `${name} 님이 메시지 고정을 풀었어요.`,

  // What a moderator did to the reader
  toldOwner: '이제 이 방의 방장이에요.',
  toldModerator: '이제 운영자예요.',
  toldWriter: '이제 글을 쓸 수 있어요.',
  toldReader: '이제 읽기만 할 수 있어요.',
  toldUnmuted: '다시 글을 쓸 수 있어요.',
  toldDeleted: '내 메시지 하나가 삭제됐어요.',
  toldCleared: '내 메시지들이 삭제됐어요.',
  showTarget: '위치 보기',

  // Replies and pins
  reply: '답장',
  answering: (name) => `${name} 님에게 답장하는 중`,
  answers: '답장한 메시지:',
  toOriginal: '원래 메시지 보기',
  pin: '고정',
  unpin: '고정 풀기',
  pins: '고정된 메시지',
  pinnedBefore: '이전 메시지',

  // Invitations
  invitation: '초대',
  invitedTo: ([by, room]) => `${by} 님이 ‘${room}’ 방에 초대했어요. 들어오세요.`,
  join: '들어가기',

  // Moderation
  report: '신고',

  // Mutes and slow mode
  mutedMark: '채팅 금지',
  slowWait: (seconds) => `슬로 모드: ${seconds}초 뒤에 쓸 수 있어요.`,
}
