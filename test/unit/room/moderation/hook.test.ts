import { describe, expect, it } from 'vitest'
import { type HookQuestion, verdictOf } from '../../../../src/room/moderation/hook.ts'
import { frameQuestion } from '../../../../src/room/stomp-commands/hooked-frame.ts'
import { askRoom } from '../../../support/ask-room.ts'
import { FakeRoom, person } from '../../../support/fake-room.ts'
import { frameOf } from '../../../support/frame-of.ts'

const question = (failOpen: boolean): HookQuestion => ({ url: '', secret: '', failOpen, body: '' })
const said = (failOpen: boolean, answer: unknown) => {
  const { refusal } = verdictOf(question(failOpen), answer)
  return refusal && [refusal.code, refusal.detail]
}

describe('the answer of a hook', () => {
  it.each<[reason: unknown, told: string | undefined]>([
    ['no links', 'no links'],
    [undefined, undefined],
    [null, undefined],
    [5, undefined],
    [{ why: 'x' }, undefined],
    ['x'.repeat(201), undefined],
    ['a\u202eb', undefined],
  ])('is no, whatever its reason is, also where it fails open: %j', (reason, told) => {
    for (const failOpen of [false, true]) {
      expect(said(failOpen, { allow: false, reason })).toEqual(['content-refused', told])
    }
  })

  it.each([undefined, null, true, [], {}, { allow: 'false' }, { allow: 0 }, [{ allow: false }]])(
    'is none: %j',
    (answer) => {
      expect(said(true, answer)).toBeUndefined()
      expect(said(false, answer)).toEqual(['hook-unavailable', undefined])
    },
  )
})

describe('[H1] a frame of a transaction', () => {
  const send = (transaction: string) =>
    frameOf('SEND', { destination: '/pub/send/message', transaction }, 'text')

  it.each([
    ['that was not begun', 'other', 'transaction-unknown'],
    ['that is full', 't', 'too-many-transactions'],
  ])('%s is refused without asking the hook', (_what, transaction, code) => {
    const room = new FakeRoom({ transactionFrames: 1 })
    room.set({ hook: { url: 'https://hooks.example.com/', failOpen: false } })
    const connection = room.connect(person('ann'))
    room.send(connection, 'BEGIN', { transaction: 't' })
    const ask = (frame: ReturnType<typeof send>) =>
      askRoom(room, (turn) => frameQuestion(turn, { connection, frame, credential: undefined }))
    expect(ask(send('t'))).toMatchObject({ url: 'https://hooks.example.com/' })
    room.send(connection, 'SEND', { destination: '/pub/typing', transaction: 't' })
    expect(ask(send(transaction))).toMatchObject({ refusal: { code } })
  })
})
