import { scrypt } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import {
  checkPassword,
  type Derive,
  hashPassword,
  PARAMETERS,
  SALT_LENGTH,
} from '../../../../src/auth/passwords/password.ts'

const SALT = new Uint8Array(SALT_LENGTH).fill(7)

/** Small enough for a test of many. */
const CHEAP = { ln: 4, r: 8, p: 1 }

/** scrypt that counts, and is cheap whatever it is asked for. */
const counted = () =>
  vi.fn<Derive>(
    (password, salt, length) =>
      new Promise((resolve, reject) => {
        scrypt(password, salt, length, { N: 16 }, (error, key) =>
          error ? reject(error) : resolve(key),
        )
      }),
  )

describe('a password', () => {
  it('is kept as a PHC string with its parameters and salt', async () => {
    const derive: Derive = async (_password, _salt, length) => new Uint8Array(length).fill(0xff)
    expect(await hashPassword('correct horse', SALT, PARAMETERS, derive)).toBe(
      '$scrypt$ln=14,r=8,p=5$BwcHBwcHBwcHBwcHBwcHBw$//////////////////////////////////////////8',
    )
  })

  it('is checked as RFC 7914, section 12, has it', async () => {
    const key =
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d' +
      '9830dac727afb94a83ee6d8360cbdfa2cc0640'
    const base64 = Buffer.from(key, 'hex').toString('base64').replace(/=+$/, '')
    const kept = `$scrypt$ln=10,r=8,p=16$TmFDbA$${base64}`
    expect((await checkPassword('password', kept)).holds).toBe(true)
    expect((await checkPassword('passwore', kept)).holds).toBe(false)
  })

  it.each(['Correct horse', 'correct horse ', '', 'correct\0horse'])(
    'does not hold as %j',
    async (wrong) => {
      const kept = await hashPassword('correct horse', SALT, CHEAP)
      expect((await checkPassword(wrong, kept)).holds).toBe(false)
    },
  )

  it.each([
    ['Ångström', 'Ångström'],
    ['한글비밀번호', '한글비밀번호'.normalize('NFD')],
    ['ﬁne password', 'fine password'],
    ['Ｆull width', 'Full width'],
  ])('%s is the same in every spelling that NFKC makes one', async (typed, again) => {
    const kept = await hashPassword(typed, SALT, CHEAP)
    expect((await checkPassword(again, kept)).holds).toBe(true)
  })

  it('is another hash with another salt', async () => {
    const [one, other] = [SALT, new Uint8Array(SALT_LENGTH)]
    expect(await hashPassword('x', one, CHEAP)).not.toBe(await hashPassword('x', other, CHEAP))
  })

  it.each([
    ['$scrypt$ln=14,r=8,p=5', false],
    ['$scrypt$ln=13,r=8,p=5', true],
    ['$scrypt$ln=14,r=7,p=5', true],
    ['$scrypt$ln=14,r=8,p=4', true],
    ['$scrypt$ln=13,r=8,p=10', true],
    ['$scrypt$ln=15,r=8,p=5', false],
  ])('of %s: outdated is %s', async (start, outdated) => {
    const derive = counted()
    const kept = `${start}$BwcHBwcHBwcHBwcHBwcHBw$BwcHBwcHBwcHBwcHBwcHBw`
    expect((await checkPassword('x', kept, derive)).outdated).toBe(outdated)
  })

  it('is checked with the parameters that it was kept with, not with today’s', async () => {
    const derive = counted()
    await checkPassword('x', await hashPassword('x', SALT, { ln: 5, r: 3, p: 2 }, derive), derive)
    expect(derive.mock.calls.map(([, , , parameters]) => parameters)).toEqual([
      { ln: 5, r: 3, p: 2 },
      { ln: 5, r: 3, p: 2 },
    ])
  })

  it('of a user whom nobody knows costs exactly what a wrong one costs, and never holds', async () => {
    const kept = await hashPassword('correct horse', SALT, PARAMETERS, counted())
    const work = async (password: string, known: string | undefined) => {
      const derive = counted()
      const { holds } = await checkPassword(password, known, derive)
      const calls = derive.mock.calls.map(([, salt, length, parameters]) => ({
        salt: salt.length,
        length,
        parameters,
      }))
      return { holds, calls }
    }
    const unknown = await work('wrong', undefined)
    expect(unknown).toEqual(await work('wrong', kept))
    expect(unknown.calls).toEqual([{ salt: 16, length: 32, parameters: PARAMETERS }])
    // Even should scrypt give the very bytes that stand there for nobody.
    const zeros: Derive = async (_password, _salt, length) => new Uint8Array(length)
    expect((await checkPassword('x', undefined, zeros)).holds).toBe(false)
  })

  it.each(['', 'correct horse', '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA', '$scrypt$ln=14$AAAA$AAAA'])(
    'kept as %j cannot be read',
    async (kept) => {
      await expect(checkPassword('x', kept, counted())).rejects.toThrow('cannot be read')
    },
  )
})
