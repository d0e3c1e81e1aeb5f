// What the first bundle of the page says, in Korean. en.ts has the same keys; the compiler compares
// them.

import type { en } from './en.ts'
import { refusals } from './ko-refusals.ts'
import { rooms } from './ko-rooms.ts'

/** The same names as the English ones, which the compiler compares. */
export const ko: typeof en = {
  ...rooms,
  ...refusals,

  // The welcome page
  tagline: '방을 열고, 링크를 건네고, 이야기하세요.',
  invited: '대화방에 초대받았어요. 들어오세요.',
  waysIn: '들어오는 방법',
  guest: '손님',
  signIn: '로그인',
  register: '가입',
  yourName: '이름',
  namePlaceholder: '다른 사람에게 보일 이름',
  enter: '시작하기',
  guestNote: '가입은 필요 없어요. 이 브라우저에서 손님으로 참여해요.',
  username: '아이디',
  usernameHint: '영문 소문자, 숫자, 점(.), 하이픈(-), 밑줄(_)로 3~32자.',
  password: '비밀번호',
  passwordHint: '8자 이상.',
  showPassword: '비밀번호 보기',
  displayName: '다른 사람에게 보일 이름 (선택)',
  createAccount: '계정 만들기',
  or: '또는',
  continueWith: (name) => `${name} 계정으로 계속하기`,
  arriving: '로그인하는 중…',
  busy: (seconds: number) =>
    `지금 많은 분이 들어오고 있어요. ${seconds}초 뒤에 자동으로 다시 시도해요.`,
  partFailed: '페이지의 이 부분을 불러오지 못했어요. 온라인이라면 페이지를 새로고침하세요.',
  language: '언어',

  // The reader
  you: '나',
  lookalike: '비슷한 이름',
  lookalikeNote: '이 방의 다른 사람과 비슷해 보이는 이름이에요.',
  account: '계정',
  newPassword: '새 비밀번호',
  loading: '불러오는 중…',

  // Connection
  connecting: '연결하는 중…',
  reconnecting: '다시 연결하는 중…',
  connected: '연결됨',
  waiting: '연결이 끊겼어요',
  countdown: (seconds) => `${seconds}초 뒤에 다시 시도해요.`,
  tryNow: '지금 시도',
  offline: '오프라인 상태예요',
  ended: '연결 종료',
  useHere: '여기서 계속하기',

  // The log
  log: '메시지',
  loadingHistory: '메시지를 불러오는 중…',
  older: '이전 메시지 보기',
  olderFailed: '이전 메시지를 불러오지 못했어요. 다시 시도',
  beginning: '여기서 대화가 시작됐어요.',
  emptyRoom: '아직 아무 말도 오가지 않았어요.',
  emptyHint: '첫마디를 건네거나 누군가를 초대해 보세요.',
  today: '오늘',
  yesterday: '어제',
  newMessages: (count) => `새 메시지 ${count}개`,
  toNewest: '맨 아래로',
  sending: '보내는 중…',
  sent: '보냄',
  failed: '보내지 못했어요.',
  unsure: '보내졌는지 확실하지 않아요.',
  retry: '다시 보내기',
  edit: '고치기',
  discard: '버리기',
  more: '이 메시지로 할 일',
  mentionsYou: '나를 언급함',
  edited: '수정됨',
  messageDeleted: '삭제된 메시지예요.',
  deleteMessage: '삭제',
  deleteSure: '모두에게서 삭제할까요?',

  // Who types: these people, and what they do. Their number is 1, 2, or more.
  typists: (names) =>
    names.length > 2 ? '여러 사람이' : `${names.map((name) => `${name} 님`).join(', ')}이`,
  typing: () => '입력하고 있어요…',

  // The composer
  message: '메시지',
  messagePlaceholder: '메시지 쓰기',
  readersOnly: '읽을 수만 있고 쓸 수는 없어요.',
  closedToRole: '운영자와 방장만 쓸 수 있는 방이에요.',
  closedArchived: '보관된 방이에요. 모두 읽을 수 있지만 아무도 쓸 수 없어요.',
  closedFrozen: '방이 얼어 있어요. 당분간 운영자와 방장만 쓸 수 있어요.',
  closedMuted: (end) => `${end}까지 채팅이 금지됐어요.`,
  send: '보내기',
  sendHint: 'Enter로 보내고, Shift+Enter로 줄을 바꿔요.',
  revising: '메시지 고치는 중',
}
