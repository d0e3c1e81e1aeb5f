import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { type Derive, hashPassword, PARAMETERS } from '../../src/auth/passwords/password.ts'
import type { AttemptSource } from '../../src/contract.ts'
import { Login } from '../../src/objects/login/login.ts'
import { MIGRATIONS } from '../../src/objects/login/sql-login.ts'
import { migrate } from '../../src/objects/shared/migrate.ts'
import { cheapPasswords } from '../support/cheap-passwords.ts'
import {
  alarmOf,
  evict,
  granted,
  objects,
  outcome,
  tables,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'

const lines = quiet()

// scrypt is dear, and a machine may be slow.
vi.setConfig({ testTimeout: 30_000 })

const HOUR = 3_600_000
/** Somebody of whom nothing is known but the address; and another. */
const FROM: AttemptSource = { address: '192.0.2.7', devices: [], keeps: false }
const OTHER: AttemptSource = { ...FROM, address: '192.0.2.8' }
const RIGHT = 'correct horse'
/** scrypt made cheap, for tests that are not about it. */
const CHEAP = { ln: 1, r: 8, p: 5 }

let names = 0

/** The login of a new user name, and its object. */
function newLogin() {
  const username = `user${++names}`
  const stub = env.LOGIN.get(env.LOGIN.idFromName(`password:${username}`))
  return { login: objects.passwordLogin(username), stub }
}

type NewLogin = ReturnType<typeof newLogin>

/** One whose password is kept with a hash that costs nothing to check; to hash it again is dear. */
async function registered() {
  const made = newLogin()
  await made.login.claim('ann')
  await setHash(made, await cheapHash())
  return made
}

const cheapHash = () => hashPassword(RIGHT, new Uint8Array(16), CHEAP)

const setHash = ({ stub }: NewLogin, hash: string) =>
  runInDurableObject(stub, (_object, { storage }) => {
    storage.sql.exec('UPDATE login SET password = ?', hash)
  })

const hashOf = ({ stub }: NewLogin) =>
  runInDurableObject(
    stub,
    (_object, { storage }) =>
      storage.sql.exec<{ password: string }>('SELECT password FROM login').one().password,
  )

const failuresOf = ({ stub }: Pick<NewLogin, 'stub'>) =>
  runInDurableObject(stub, (_object, { storage }) =>
    storage.sql.exec('SELECT source, count FROM attempts ORDER BY source').toArray(),
  )

/** So many failures from the one address. */
const counted = (count: number) => [
  { source: 'address 192.0.2.7', count },
  { source: 'everybody', count },
]

describe('a user name', () => {
  cheapPasswords()

  it('is registered once, and its password says whose it is', async () => {
    const { login } = newLogin()
    granted(await login.register('ann', RIGHT, FROM))
    for (const password of ['another one', RIGHT]) {
      expect(outcome(await login.register('bob', password, FROM))).toBe('username-taken')
    }
    expect(await login.verify(RIGHT, FROM)).toEqual({ value: 'ann' })
    expect(outcome(await login.verify('another one', FROM))).toBe('credentials-invalid')
  })

  it('is one person’s, of however many that ask at the same time', async () => {
    const { login } = newLogin()
    const ids = ['a', 'b']
    const answers = await Promise.all(
      ids.map((id) => login.register(id, `password of ${id}`, FROM)),
    )
    expect(answers.map(outcome).sort()).toEqual(['granted', 'username-taken'])
    const owner = ids[answers.findIndex((answer) => 'value' in answer)] ?? ''
    expect(await login.verify(`password of ${owner}`, FROM)).toEqual({ value: owner })
  })

  it('may be registered again by who never heard that it worked, with the same password', async () => {
    const made = await registered()
    expect(outcome(await made.login.register('ann', 'another one', FROM))).toBe('username-taken')
    expect(await failuresOf(made)).toEqual(counted(1))
    expect(outcome(await made.login.register('ann', RIGHT, FROM))).toBe('granted')
  })

  it('is no way around the delays: registering again is an attempt', async () => {
    const made = await registered()
    for (let n = 0; n < 5; n++) await made.login.register('ann', 'a guess', FROM)
    expect(outcome(await made.login.register('ann', RIGHT, FROM))).toBe('username-taken')
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('sign-in-delayed')
  })
})

describe('a password', () => {
  it('is kept as a PHC string of today’s parameters, with a salt of its own', async () => {
    const [one, other] = [newLogin(), newLogin()]
    for (const { login } of [one, other]) granted(await login.register('ann', RIGHT, FROM))
    const [hash, another] = [await hashOf(one), await hashOf(other)]
    expect(hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(hash.split('$')[3]).not.toBe(another.split('$')[3])
  })

  it('kept with weaker parameters is hashed again when it is right, and not before', async () => {
    const made = await registered()
    const old = await hashOf(made)
    await made.login.verify('wrong', FROM)
    expect(await hashOf(made)).toBe(old)
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('granted')
    const hash = await hashOf(made)
    expect(hash).toContain('$ln=14,r=8,p=5$')
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('granted')
    expect(await hashOf(made)).toBe(hash)
  })

  it('is changed by who knows it', async () => {
    const made = await registered()
    expect(outcome(await made.login.changePassword('wrong', 'the next one', FROM))).toBe(
      'credentials-invalid',
    )
    expect(await made.login.changePassword(RIGHT, 'the next one', FROM)).toEqual({ value: 'ann' })
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('credentials-invalid')
    expect(await made.login.verify('the next one', FROM)).toEqual({ value: 'ann' })
  })
})

describe('while scrypt is at work', () => {
  /** A login whose scrypt waits until it is let go on; `calls` counts it. */
  async function slowly<Result>(work: (slow: Slow) => Promise<Result>): Promise<Result> {
    const { login, stub } = newLogin()
    await login.claim('ann')
    return runInDurableObject(stub, async (_object, { storage }) => {
      const slow = { calls: 0, goOn: () => {}, storage }
      const gate = new Promise<void>((resolve) => {
        slow.goOn = resolve
      })
      const derive: Derive = async (password, _salt, length) => {
        slow.calls++
        await gate
        return new Uint8Array(length).fill(password.length)
      }
      return work(Object.assign(slow, { login: new Login(storage, derive) }))
    })
  }

  interface Slow {
    calls: number
    goOn(): void
    readonly storage: DurableObjectStorage
    readonly login: Login
  }

  const hashOfLength = (length: number, parameters = PARAMETERS) =>
    hashPassword('', new Uint8Array(16), parameters, async (_password, _salt, bytes) =>
      new Uint8Array(bytes).fill(length),
    )

  const begun = (slow: Slow, calls: number) => vi.waitFor(() => expect(slow.calls).toBe(calls))

  it('a password that is changed meanwhile holds no more, and does not come back', async () => {
    for (const parameters of [PARAMETERS, CHEAP]) {
      const next = await hashOfLength(4)
      const kept = await slowly(async (slow) => {
        const { sql } = slow.storage
        sql.exec('UPDATE login SET password = ?', await hashOfLength(3, parameters))
        const checked = slow.login.verify('old', FROM)
        await begun(slow, 1)
        sql.exec('UPDATE login SET password = ?', next)
        slow.goOn()
        expect(outcome(await checked)).toBe('credentials-invalid')
        return sql.exec('SELECT password FROM login').one().password
      })
      expect(kept).toBe(next)
    }
  })

  it('of two who change a password the first one does', async () => {
    await slowly(async (slow) => {
      slow.storage.sql.exec('UPDATE login SET password = ?', await hashOfLength(3))
      const both = [
        slow.login.changePassword('old', 'next', FROM),
        slow.login.changePassword('old', 'other', FROM),
      ]
      await begun(slow, 2)
      slow.goOn()
      const answers = await Promise.all(both)
      expect(answers.map(outcome).sort()).toEqual(['credentials-invalid', 'granted'])
      const password = outcome(answers[0] ?? {}) === 'granted' ? 'next' : 'other'
      expect(outcome(await slow.login.verify(password, FROM))).toBe('granted')
    })
  })

  it('of two who register a user name the first one does', async () => {
    await slowly(async (slow) => {
      slow.storage.sql.exec('DELETE FROM login')
      const both = [slow.login.register('a', 'one', FROM), slow.login.register('b', 'other', FROM)]
      await begun(slow, 2)
      slow.goOn()
      expect((await Promise.all(both)).map(outcome).sort()).toEqual(['granted', 'username-taken'])
      expect(slow.storage.sql.exec('SELECT * FROM login').toArray()).toHaveLength(1)
    })
  })

  it('guesses at the same time are counted already: five of thirty are checked', async () => {
    await slowly(async (slow) => {
      slow.storage.sql.exec('UPDATE login SET password = ?', await hashOfLength(3))
      const all = Array.from({ length: 30 }, () => slow.login.verify('guess', FROM))
      await begun(slow, 5)
      slow.goOn()
      const codes = (await Promise.all(all)).map(outcome)
      expect(codes.filter((code) => code === 'credentials-invalid')).toHaveLength(5)
      expect(codes.filter((code) => code === 'sign-in-delayed')).toHaveLength(25)
      expect(slow.calls).toBe(5)
    })
  })

  it('it is as much for an unknown user as for a wrong password', async () => {
    const work = (known: boolean) =>
      slowly(async (slow) => {
        slow.goOn()
        const hash = await hashOfLength(3)
        slow.storage.sql.exec(known ? `UPDATE login SET password = '${hash}'` : 'DELETE FROM login')
        const answer = await slow.login.verify('guess', FROM)
        const rows = slow.storage.sql.exec('SELECT count FROM attempts').toArray()
        return { answer, rows, calls: slow.calls }
      })
    const unknown = await work(false)
    expect(unknown).toEqual(await work(true))
    expect(unknown).toMatchObject({ calls: 1, rows: [{ count: 1 }, { count: 1 }] })
  })
})

describe('an unknown user name', () => {
  cheapPasswords()

  it('is answered and recorded as a wrong password is', async () => {
    const [unknown, known] = [newLogin(), await registered()]
    wait(0)
    for (let n = 0; n < 6; n++) {
      expect(await unknown.login.verify('a guess', FROM)).toEqual(
        await known.login.verify('a guess', FROM),
      )
      expect(await failuresOf(unknown)).toEqual(await failuresOf(known))
      expect(await alarmOf(unknown.stub)).toEqual(await alarmOf(known.stub))
    }
    expect(outcome(await unknown.login.verify('a guess', FROM))).toBe('sign-in-delayed')
    expect(outcome(await unknown.login.changePassword('a guess', 'next', FROM))).toBe(
      'sign-in-delayed',
    )
  })

  it('is forgotten an hour after the last failure; one that is known is not', async () => {
    const [unknown, known] = [newLogin(), await registered()]
    for (const { login } of [unknown, known]) await login.verify('a guess', FROM)
    wait(HOUR / 2)
    for (const { login } of [unknown, known]) await login.verify('a guess', FROM)
    wait(HOUR / 2 + 1000)
    for (const { stub } of [unknown, known]) {
      expect(await runDurableObjectAlarm(stub)).toBe(true)
      expect(await tables(stub)).not.toEqual([])
    }
    wait(HOUR / 2)
    for (const { stub } of [unknown, known]) await runDurableObjectAlarm(stub)
    expect(await tables(unknown.stub)).toEqual([])
    expect(await alarmOf(unknown.stub)).toBeNull()
    expect(await failuresOf(known)).toEqual([])
    expect(await known.login.verify(RIGHT, FROM)).toEqual({ value: 'ann' })
  })
})

describe('[R5] the clean-up of failures', () => {
  cheapPasswords()

  it('comes an hour after the first one, however many follow, over evictions (H1)', async () => {
    const [unknown, known] = [newLogin(), await registered()]
    wait(0)
    const due = Date.now() + HOUR
    for (let n = 0; n < 6; n++) {
      for (const { login, stub } of [unknown, known]) {
        await login.verify('a guess', { ...FROM, address: `10.0.0.${n}` })
        await evict(stub)
        expect(await alarmOf(stub)).toBe(due)
      }
      wait(HOUR / 6)
    }
    for (const made of [unknown, known]) {
      await made.login.verify('a guess', OTHER)
      expect(await runDurableObjectAlarm(made.stub)).toBe(true)
      // The first row is gone, and the rest has its turn an hour after the last failure.
      expect(await failuresOf(made)).not.toContainEqual({ source: 'address 10.0.0.0', count: 1 })
      expect(await failuresOf(made)).toHaveLength(7)
      expect(await alarmOf(made.stub)).toBe(due + HOUR)
    }
  })
})

describe('failed attempts', () => {
  cheapPasswords()

  it('are free five times, then cost a second, two, four …', async () => {
    const made = await registered()
    wait(0)
    for (let n = 0; n < 5; n++) {
      expect(outcome(await made.login.verify('a guess', FROM))).toBe('credentials-invalid')
    }
    for (const seconds of [1, 2, 4, 8]) {
      const delayed = { refused: 'sign-in-delayed', retryAfter: seconds }
      expect(await made.login.verify('a guess', FROM)).toEqual(delayed)
      // The right one has to wait too: or else it would be told.
      expect(await made.login.verify(RIGHT, FROM)).toEqual(delayed)
      wait(seconds * 1000 - 1)
      expect(await made.login.verify('a guess', FROM)).toEqual({ ...delayed, retryAfter: 1 })
      wait(1)
      expect(outcome(await made.login.verify('a guess', FROM))).toBe('credentials-invalid')
    }
    expect(await failuresOf(made)).toEqual(counted(9))
  })

  it('survive an eviction', async () => {
    const made = await registered()
    for (let n = 0; n < 5; n++) {
      await made.login.verify('a guess', FROM)
      await evict(made.stub)
    }
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('sign-in-delayed')
  })

  it('are not made of what succeeded', async () => {
    const made = await registered()
    for (const before of [0, 4]) {
      for (let n = 0; n < before; n++) await made.login.verify('a guess', FROM)
      for (let n = 0; n < 2; n++) {
        expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('granted')
        await setHash(made, await cheapHash())
      }
      expect(await failuresOf(made)).toEqual(before ? counted(before) : [])
    }
  })

  it('are forgotten after an hour', async () => {
    const made = await registered()
    for (let n = 0; n < 5; n++) await made.login.verify('a guess', FROM)
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('sign-in-delayed')
    wait(HOUR)
    await made.login.verify('a guess', FROM)
    expect(await failuresOf(made)).toEqual(counted(1))
  })
})

describe('failures are counted by where they come from', () => {
  cheapPasswords()

  const fail = async ({ login }: NewLogin, from: AttemptSource, times: number) => {
    for (let n = 0; n < times; n++) await login.verify('a guess', from)
  }

  /** What a browser is known by that has signed in. */
  async function deviceOf(made: NewLogin): Promise<AttemptSource> {
    const answer = await made.login.verify(RIGHT, { ...OTHER, keeps: true })
    if (!('device' in answer) || answer.device === undefined) throw new Error('no device')
    await setHash(made, await cheapHash())
    return { ...FROM, devices: [answer.device], keeps: true }
  }

  it('one address does not keep another out', async () => {
    const made = await registered()
    wait(0)
    await fail(made, FROM, 6)
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('sign-in-delayed')
    expect(outcome(await made.login.verify(RIGHT, OTHER))).toBe('granted')
  })

  it('many addresses are slowed down together, an unknown user name alike', async () => {
    // For an unknown name scrypt is dear, and here only the counting matters.
    const instant: Derive = async (_password, _salt, length) => new Uint8Array(length)
    for (const { stub } of [await registered(), newLogin()]) {
      wait(0)
      const answer = await runInDurableObject(stub, async (_object, { storage }) => {
        const login = new Login(storage, instant)
        for (let n = 0; n < 50; n++) {
          const guess = await login.verify('a guess', { ...FROM, address: `10.0.0.${n}` })
          expect(outcome(guess)).toBe('credentials-invalid')
        }
        return login.verify('a guess', OTHER)
      })
      expect(answer).toEqual({ refused: 'sign-in-delayed', retryAfter: 1 })
      expect(await failuresOf({ stub })).toHaveLength(51)
    }
  })

  it('a device that has signed in before comes in through all of it', async () => {
    const made = await registered()
    wait(0)
    const owner = await deviceOf(made)
    for (let n = 0; n < 60; n++) await fail(made, { ...FROM, address: `10.0.0.${n}` }, 1)
    expect(outcome(await made.login.verify(RIGHT, OTHER))).toBe('sign-in-delayed')
    await evict(made.stub)
    expect(await made.login.trusts(owner.devices)).toBe(true)
    expect(await made.login.verify(RIGHT, owner)).toEqual({
      value: 'ann',
      device: owner.devices[0],
    })
  })

  it('a device is delayed for its own failures, and they are nobody else’s', async () => {
    const made = await registered()
    wait(0)
    const owner = await deviceOf(made)
    await fail(made, owner, 5)
    expect(outcome(await made.login.verify(RIGHT, owner))).toBe('sign-in-delayed')
    expect(await failuresOf(made)).toEqual([
      { source: expect.stringMatching(/^device [\w-]{22}$/), count: 5 },
    ])
    expect(outcome(await made.login.verify(RIGHT, FROM))).toBe('granted')
  })

  it('a device of another user name, or a made-up one, is none', async () => {
    const [made, other] = [await registered(), await registered()]
    const { devices } = await deviceOf(other)
    await deviceOf(made)
    const forged = `${devices[0]?.slice(0, -1)}${devices[0]?.endsWith('A') ? 'B' : 'A'}`
    for (const device of [...devices, forged, 'x', '', `${'a'.repeat(22)}.${'a'.repeat(43)}`]) {
      expect(await made.login.trusts([device])).toBe(false)
    }
    expect(await made.login.trusts([...devices, 'x'])).toBe(false)
    await fail(made, { ...FROM, devices, keeps: true }, 1)
    expect(await failuresOf(made)).toEqual(counted(1))
  })

  it('no device is known after a change of the password, but the one that changed it', async () => {
    const made = await registered()
    const owner = await deviceOf(made)
    const answer = await made.login.changePassword(RIGHT, 'the next one', owner)
    expect(await made.login.trusts(owner.devices)).toBe(false)
    expect(answer).toEqual({ value: 'ann', device: expect.any(String) })
    expect(await made.login.trusts(['device' in answer ? (answer.device ?? '') : ''])).toBe(true)
  })

  it('an unknown user name knows no device, and asking writes nothing', async () => {
    const made = newLogin()
    expect(await made.login.trusts([`${'a'.repeat(22)}.${'a'.repeat(43)}`])).toBe(false)
    expect(await tables(made.stub)).toEqual([])
  })

  it('whoever keeps no cookies is given no device', async () => {
    const made = await registered()
    expect(await made.login.verify(RIGHT, FROM)).toEqual({ value: 'ann' })
  })
})

it('a login of the version before is read, and its object forgotten as before', async () => {
  const made = newLogin()
  await runInDurableObject(made.stub, async (_object, { storage }) => {
    migrate(storage, MIGRATIONS.slice(0, 1))
    storage.sql.exec(
      'INSERT INTO login (person_id, password) VALUES (?, ?)',
      'ann',
      await cheapHash(),
    )
    storage.sql.exec('INSERT INTO failures (count, last_at) VALUES (?, ?)', 9, Date.now())
  })
  await evict(made.stub)
  expect(await made.login.trusts(['x'])).toBe(false)
  expect(await made.login.verify(RIGHT, FROM)).toEqual({ value: 'ann' })
})

describe('the subject of a provider', () => {
  it('belongs to who claimed it first', async () => {
    const issuer = 'https://id.example'
    const login = () => objects.providerLogin(issuer, 'subject')
    expect(await login().claim('ann')).toBe('ann')
    await evict(env.LOGIN.get(env.LOGIN.idFromName(`oidc:${issuer}\nsubject`)))
    expect(await login().claim('bob')).toBe('ann')
    expect(await objects.providerLogin(issuer, 'another').claim('bob')).toBe('bob')
    expect(await objects.providerLogin('https://other.example', 'subject').claim('bob')).toBe('bob')
  })

  it('has no password', async () => {
    const login = objects.providerLogin('https://id.example', 'none')
    await login.claim('ann')
    expect(outcome(await login.verify('', FROM))).toBe('credentials-invalid')
    expect(outcome(await login.changePassword('', 'next', FROM))).toBe('credentials-invalid')
  })
})

describe('what is written down', () => {
  cheapPasswords()

  it('is a password changed, and no password and no user name', async () => {
    const { login } = await registered()
    await login.verify('a wrong guess', FROM)
    await login.changePassword(RIGHT, 'the next one', FROM)
    expect(lines()).toEqual([{ event: 'password-changed', user: 'ann' }])
  })
})
