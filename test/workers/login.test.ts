import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Derive, hashPassword, PARAMETERS } from '../../src/auth/password.ts'
import { HostedLogin } from '../../src/objects/hosted-login.ts'
import {
  alarmOf,
  auditLines,
  evict,
  granted,
  objects,
  outcome,
  tables,
  wait,
} from '../support/person-in-workerd.ts'

let lines: ReturnType<typeof auditLines>

beforeEach(() => {
  lines = auditLines()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

// Because scrypt is dear, and a machine may be slow.
vi.setConfig({ testTimeout: 30_000 })

const HOUR = 3_600_000
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

type Login = ReturnType<typeof newLogin>

/** One whose password is kept with a hash that costs nothing to check; to hash it again is dear. */
async function registered() {
  const made = newLogin()
  await made.login.claim('ann')
  await setHash(made, await cheapHash())
  return made
}

const cheapHash = () => hashPassword(RIGHT, new Uint8Array(16), CHEAP)

const setHash = ({ stub }: Login, hash: string) =>
  runInDurableObject(stub, (_object, { storage }) => {
    storage.sql.exec('UPDATE login SET password = ?', hash)
  })

const hashOf = ({ stub }: Login) =>
  runInDurableObject(
    stub,
    (_object, { storage }) =>
      storage.sql.exec<{ password: string }>('SELECT password FROM login').one().password,
  )

const failuresOf = ({ stub }: Login) =>
  runInDurableObject(stub, (_object, { storage }) =>
    storage.sql.exec('SELECT count FROM failures').toArray(),
  )

describe('a user name', () => {
  it('is registered once, and its password says whose it is', async () => {
    const { login } = newLogin()
    granted(await login.register('ann', RIGHT))
    for (const password of ['another one', RIGHT]) {
      expect(outcome(await login.register('bob', password))).toBe('username-taken')
    }
    expect(await login.verify(RIGHT)).toEqual({ value: 'ann' })
    expect(outcome(await login.verify('another one'))).toBe('credentials-invalid')
  })

  it('is one person’s, of however many that ask at the same time', async () => {
    const { login } = newLogin()
    const ids = ['a', 'b']
    const answers = await Promise.all(ids.map((id) => login.register(id, `password of ${id}`)))
    expect(answers.map(outcome).sort()).toEqual(['granted', 'username-taken'])
    const owner = ids[answers.findIndex((answer) => 'value' in answer)] ?? ''
    expect(await login.verify(`password of ${owner}`)).toEqual({ value: owner })
  })

  it('may be registered again by who never heard that it worked, with the same password', async () => {
    const made = await registered()
    expect(outcome(await made.login.register('ann', 'another one'))).toBe('username-taken')
    expect(await failuresOf(made)).toEqual([{ count: 1 }])
    expect(outcome(await made.login.register('ann', RIGHT))).toBe('granted')
  })

  it('is no way around the delays: registering again is an attempt', async () => {
    const made = await registered()
    for (let n = 0; n < 5; n++) await made.login.register('ann', 'a guess')
    expect(outcome(await made.login.register('ann', RIGHT))).toBe('username-taken')
    expect(outcome(await made.login.verify(RIGHT))).toBe('sign-in-delayed')
  })
})

describe('a password', () => {
  it('is kept as a PHC string of today’s parameters, with a salt of its own', async () => {
    const [one, other] = [newLogin(), newLogin()]
    for (const { login } of [one, other]) granted(await login.register('ann', RIGHT))
    const [hash, another] = [await hashOf(one), await hashOf(other)]
    expect(hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(hash.split('$')[3]).not.toBe(another.split('$')[3])
  })

  it('kept with weaker parameters is hashed again when it is right, and not before', async () => {
    const made = await registered()
    const old = await hashOf(made)
    await made.login.verify('wrong')
    expect(await hashOf(made)).toBe(old)
    expect(outcome(await made.login.verify(RIGHT))).toBe('granted')
    const hash = await hashOf(made)
    expect(hash).toContain('$ln=14,r=8,p=5$')
    expect(outcome(await made.login.verify(RIGHT))).toBe('granted')
    expect(await hashOf(made)).toBe(hash)
  })

  it('is changed by who knows it', async () => {
    const made = await registered()
    expect(outcome(await made.login.changePassword('wrong', 'the next one'))).toBe(
      'credentials-invalid',
    )
    expect(await made.login.changePassword(RIGHT, 'the next one')).toEqual({ value: 'ann' })
    expect(outcome(await made.login.verify(RIGHT))).toBe('credentials-invalid')
    expect(await made.login.verify('the next one')).toEqual({ value: 'ann' })
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
      return work(Object.assign(slow, { login: new HostedLogin(storage, derive) }))
    })
  }

  interface Slow {
    calls: number
    goOn(): void
    readonly storage: DurableObjectStorage
    readonly login: HostedLogin
  }

  const hashOfLength = (length: number, parameters = PARAMETERS) =>
    hashPassword('', new Uint8Array(16), parameters, async (_password, _salt, octets) =>
      new Uint8Array(octets).fill(length),
    )

  const begun = (slow: Slow, calls: number) => vi.waitFor(() => expect(slow.calls).toBe(calls))

  it('a password that is changed meanwhile holds no more, and does not come back', async () => {
    for (const parameters of [PARAMETERS, CHEAP]) {
      const next = await hashOfLength(4)
      const kept = await slowly(async (slow) => {
        const { sql } = slow.storage
        sql.exec('UPDATE login SET password = ?', await hashOfLength(3, parameters))
        const checked = slow.login.verify('old')
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
        slow.login.changePassword('old', 'next'),
        slow.login.changePassword('old', 'other'),
      ]
      await begun(slow, 2)
      slow.goOn()
      const answers = await Promise.all(both)
      expect(answers.map(outcome).sort()).toEqual(['credentials-invalid', 'granted'])
      const password = outcome(answers[0] ?? {}) === 'granted' ? 'next' : 'other'
      expect(outcome(await slow.login.verify(password))).toBe('granted')
    })
  })

  it('of two who register a user name the first one does', async () => {
    await slowly(async (slow) => {
      slow.storage.sql.exec('DELETE FROM login')
      const both = [slow.login.register('a', 'one'), slow.login.register('b', 'other')]
      await begun(slow, 2)
      slow.goOn()
      expect((await Promise.all(both)).map(outcome).sort()).toEqual(['granted', 'username-taken'])
      expect(slow.storage.sql.exec('SELECT * FROM login').toArray()).toHaveLength(1)
    })
  })

  it('guesses at the same time are counted already: five of thirty are checked', async () => {
    await slowly(async (slow) => {
      slow.storage.sql.exec('UPDATE login SET password = ?', await hashOfLength(3))
      const all = Array.from({ length: 30 }, () => slow.login.verify('guess'))
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
        const answer = await slow.login.verify('guess')
        const rows = slow.storage.sql.exec('SELECT count FROM failures').toArray()
        return { answer, rows, calls: slow.calls }
      })
    const unknown = await work(false)
    expect(unknown).toEqual(await work(true))
    expect(unknown).toMatchObject({ calls: 1, rows: [{ count: 1 }] })
  })
})

describe('an unknown user name', () => {
  it('is answered and recorded as a wrong password is', async () => {
    const [unknown, known] = [newLogin(), await registered()]
    wait(0)
    for (let n = 0; n < 6; n++) {
      expect(await unknown.login.verify('a guess')).toEqual(await known.login.verify('a guess'))
      expect(await failuresOf(unknown)).toEqual(await failuresOf(known))
      expect(await alarmOf(unknown.stub)).toEqual(await alarmOf(known.stub))
    }
    expect(outcome(await unknown.login.verify('a guess'))).toBe('sign-in-delayed')
    expect(outcome(await unknown.login.changePassword('a guess', 'next'))).toBe('sign-in-delayed')
  })

  it('is forgotten an hour after the last failure; one that is known is not', async () => {
    const [unknown, known] = [newLogin(), await registered()]
    for (const { login } of [unknown, known]) await login.verify('a guess')
    wait(HOUR / 2)
    for (const { login } of [unknown, known]) await login.verify('a guess')
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
    expect(await known.login.verify(RIGHT)).toEqual({ value: 'ann' })
  })
})

describe('failed attempts', () => {
  it('are free five times, then cost a second, two, four …', async () => {
    const made = await registered()
    wait(0)
    for (let n = 0; n < 5; n++) {
      expect(outcome(await made.login.verify('a guess'))).toBe('credentials-invalid')
    }
    for (const seconds of [1, 2, 4, 8]) {
      const delayed = { refused: 'sign-in-delayed', retryAfter: seconds }
      expect(await made.login.verify('a guess')).toEqual(delayed)
      // The right one has to wait too: or else it would be told.
      expect(await made.login.verify(RIGHT)).toEqual(delayed)
      wait(seconds * 1000 - 1)
      expect(await made.login.verify('a guess')).toEqual({ ...delayed, retryAfter: 1 })
      wait(1)
      expect(outcome(await made.login.verify('a guess'))).toBe('credentials-invalid')
    }
    expect(await failuresOf(made)).toEqual([{ count: 9 }])
  })

  it('survive an eviction', async () => {
    const made = await registered()
    for (let n = 0; n < 5; n++) {
      await made.login.verify('a guess')
      await evict(made.stub)
    }
    expect(outcome(await made.login.verify(RIGHT))).toBe('sign-in-delayed')
  })

  it('are not made of what succeeded', async () => {
    const made = await registered()
    for (const before of [0, 4]) {
      for (let n = 0; n < before; n++) await made.login.verify('a guess')
      for (let n = 0; n < 2; n++) {
        expect(outcome(await made.login.verify(RIGHT))).toBe('granted')
        await setHash(made, await cheapHash())
      }
      expect(await failuresOf(made)).toEqual(before ? [{ count: before }] : [])
    }
  })

  it('are forgotten after an hour', async () => {
    const made = await registered()
    for (let n = 0; n < 5; n++) await made.login.verify('a guess')
    expect(outcome(await made.login.verify(RIGHT))).toBe('sign-in-delayed')
    wait(HOUR)
    await made.login.verify('a guess')
    expect(await failuresOf(made)).toEqual([{ count: 1 }])
  })
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
    expect(outcome(await login.verify(''))).toBe('credentials-invalid')
    expect(outcome(await login.changePassword('', 'next'))).toBe('credentials-invalid')
  })
})

describe('what is written down', () => {
  it('is a password changed, and no password and no user name', async () => {
    const { login } = await registered()
    await login.verify('a wrong guess')
    await login.changePassword(RIGHT, 'the next one')
    expect(lines()).toEqual([{ event: 'password-changed', user: 'ann' }])
  })
})
