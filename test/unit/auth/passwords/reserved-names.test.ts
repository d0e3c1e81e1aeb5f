import { expect, it } from 'vitest'
import { isReservedName } from '../../../../src/auth/passwords/reserved-names.ts'

it.each([
  ...[
    'admin',
    'administrator',
    'root',
    'system',
    'stompbox',
    'support',
    'moderator',
    'owner',
    'everyone',
  ],
  ...[
    'room',
    'here',
    'null',
    'postmaster',
    'abuse',
    'security',
    'no-reply',
    'noreply',
    'constructor',
  ],
  ...[
    'adm1n',
    'adrnin',
    'a.d.m.i.n',
    'admin-',
    'r00t',
    'st0mpb0x',
    'stompb0x',
    'supp0rt',
    'nu11',
    '5ystem',
    'a1l',
  ],
])('%s is reserved, or looks as if it were', (name) => {
  expect(isReservedName(name)).toBe(true)
})

it.each([
  'ann',
  'badminton',
  'administer',
  'rooter',
  'hal',
  'mira',
  'ada.l',
  'alba',
  'patient',
  'taken',
])('%s is not', (name) => {
  expect(isReservedName(name)).toBe(false)
})
