import { describe, expect, it } from 'vitest'
import { COMMON_PASSWORDS } from '../../../../src/auth/passwords/common-passwords.ts'
import { isWeakPassword } from '../../../../src/auth/passwords/weak-password.ts'

describe('a password [NIST SP 800-63B 5.1.1.2]', () => {
  it.each([
    ...[
      'password',
      'Password',
      'PASSWORD1',
      'ｐａｓｓｗｏｒｄ',
      ' password ',
      '12345678',
      'iloveyou',
      'qwer1234',
    ],
    ...['24121990', '12241990', '19901224', '20011301'],
    ...['xxxxxxxx', '        ', '한한한한한한한한', '😀😀😀😀😀😀😀😀'],
    ...['stompbox', 'Stompbox1', 'stompbox2026!', '123stompbox', '!STOMPBOX!'],
    ...['benjamin', 'BenJamin', ' benjamin ', 'ｂｅｎｊａｍｉｎ', 'benjamin1', '99benjamin!'],
  ])('%j is weak', (password) => {
    expect(isWeakPassword(password, 'benjamin')).toBe(true)
  })

  it.each([
    ...[
      'correct horse',
      '비밀번호입니다!',
      'old password',
      '90571136',
      'benjamin and I',
      'xxxxxxxy',
    ],
    'my stompbox is loud',
  ])('%j is not', (password) => {
    expect(isWeakPassword(password, 'benjamin')).toBe(false)
  })

  it.each([
    ['1234-5678', '1234-5678', true],
    ['42.7', '!81-0396', false],
    ['a1', '9a736153', false],
  ])('of %s may not be the name, even one without a word: %s', (username, password, weak) => {
    expect(isWeakPassword(password, username)).toBe(weak)
  })
})

it('the list is of thousands that are long enough, in lower case, and small in the Worker', () => {
  expect(COMMON_PASSWORDS.size).toBe(2000)
  const all = [...COMMON_PASSWORDS]
  expect(all.filter((each) => each.length < 8 || each !== each.toLowerCase())).toEqual([])
  expect(all.join(' ').length).toBeLessThan(50_000)
})
