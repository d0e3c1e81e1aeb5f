// What the page does when a connection ends: a table of closes and refusals.

import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../public/chat/api.js'
import { endsSignIn, verdictOfClose, verdictOfError } from '../../../public/chat/verdict.js'

const end = (code: string) => ({ kind: 'end', code })
const again = (wait: string, code?: string) => ({
  kind: 'reconnect',
  wait,
  ...(code === undefined ? {} : { code }),
})

describe('a close', () => {
  it.each([
    [1006, undefined, again('usual')],
    [1012, undefined, again('usual')],
    [1013, 'unavailable', again('long', 'unavailable')],
    [4000, 'standing-changed', again('usual', 'standing-changed')],
    [4401, 'token-expired', again('now')],
    [4401, 'roles-changed', again('now')],
    [4429, 'too-many-frames', again('long', 'too-many-frames')],
    [4503, 'banned', end('banned')],
    [4503, 'principal-mismatch', end('principal-mismatch')],
    [4504, 'room-deleted', end('room-deleted')],
    [4510, 'session-ended', end('session-ended')],
    [4510, 'refresh-reused', end('refresh-reused')],
    [4510, 'account-disabled', end('account-disabled')],
    [4999, undefined, end('not-allowed')],
  ])('%i with %s', (close, code, verdict) => {
    expect(verdictOfClose(close, code)).toEqual(verdict)
  })
})

describe('a refusal before the connection', () => {
  it.each([
    [0, 'unreachable', again('usual')],
    [401, 'token-expired', again('now')],
    [401, 'roles-changed', again('now')],
    [401, 'session-ended', end('session-ended')],
    [403, 'account-disabled', end('account-disabled')],
    [403, 'banned', end('banned')],
    [404, 'room-unknown', end('room-unknown')],
    [429, 'too-fast', again('long', 'too-fast')],
    [503, 'unavailable', again('long', 'unavailable')],
  ])('%i %s', (status, code, verdict) => {
    expect(verdictOfError(new ApiError(status, code))).toEqual(verdict)
  })

  it('that is a bug of ours', () => {
    expect(verdictOfError(new TypeError())).toEqual(again('usual'))
  })
})

it.each([
  ['session-ended', true],
  ['refresh-reused', true],
  ['account-disabled', true],
  ['banned', false],
  ['roles-changed', false],
])('%s means signing in again: %s', (code, over) => {
  expect(endsSignIn(code)).toBe(over)
})
