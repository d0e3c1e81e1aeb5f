import { describe, expect, it } from 'vitest'
import {
  decideRenewal,
  livesUntil,
  openedSignIn,
  type SessionRules,
  successorOf,
  withNextToken,
} from '../../../src/account/sign-in-life.ts'
import type { SignInRecord } from '../../../src/account/sign-in-record.ts'
import {
  makeRefreshToken,
  type RefreshToken,
  SECRET_LENGTH,
} from '../../../src/auth/tokens/refresh-token.ts'

const START = 1_795_000_000_000
const RULES: SessionRules = {
  accessLifetime: 900,
  refreshLifetime: 14 * 86_400,
  maxAge: 90 * 86_400,
}
const DAY = 86_400_000

/** A session and the clock it lives by. Every renewal stores what follows, as an account does. */
class Life {
  session: SignInRecord | undefined
  now = START
  readonly rules: SessionRules
  readonly first: RefreshToken
  #secrets = 0

  constructor(rules: Partial<SessionRules> = {}) {
    this.rules = { ...RULES, ...rules }
    const ids = { id: 's', device: 'Firefox on Linux', familyKey: 'k'.repeat(43) }
    this.first = this.#add(openedSignIn(ids, this.now))
  }

  /** Shows a token, an access token, both or none: a new token, or why not. */
  show(token: RefreshToken | undefined, access = false): RefreshToken | string {
    const decision = decideRenewal(this.session, { token, access }, this.rules, this.now)
    if (decision.outcome === 'refused') return decision.code
    if (decision.outcome !== 'stolen' && !this.session) throw new Error('a decision on no session')
    const session = this.session as SignInRecord
    if (decision.outcome === 'renewed') return this.#add(session, decision.token)
    if (decision.outcome === 'repeated') return successorOf(session, 'ann', decision.token)
    this.session = undefined
    return 'stolen'
  }

  /** A renewal that works. */
  renew(token: RefreshToken | undefined, access = false): RefreshToken {
    const next = this.show(token, access)
    if (typeof next === 'string') throw new Error(next)
    return next
  }

  #add(session: SignInRecord, used?: RefreshToken): RefreshToken {
    const secret = new Uint8Array(SECRET_LENGTH).fill(this.#secrets++)
    const next = withNextToken(session, 'ann', used, secret, this.rules, this.now)
    this.session = next.signIn
    return next.token
  }
}

describe('rotation', () => {
  it('gives a new token for each one shown, for as long as one likes', () => {
    const life = new Life()
    let token = life.first
    const seen = new Set([token.text])
    for (let day = 0; day < 200; day++) {
      life.now += DAY
      token = life.renew(token)
      seen.add(token.text)
    }
    expect(seen.size).toBe(201)
  })

  it('slides: each token lives its whole life from when it was made', () => {
    const life = new Life()
    life.now += 13 * DAY
    const next = life.renew(life.first)
    expect(next.expiresAt * 1000).toBe(START + 27 * DAY)
    expect(life.session?.refreshExpiresAt).toBe(next.expiresAt)
  })

  it('notes the use, and leaves the sign-in as it was', () => {
    const life = new Life()
    life.now += DAY
    life.renew(life.first)
    expect(life.session).toMatchObject({ signedInAt: START, lastUsedAt: START + DAY })
  })

  it('keeps no token, only hashes', () => {
    const life = new Life()
    const next = life.renew(life.first)
    const kept = JSON.stringify(life.session)
    for (const { text } of [life.first, next]) {
      expect(
        text
          .split('.')
          .slice(2)
          .some((part) => kept.includes(part)),
      ).toBe(false)
    }
  })
})

describe('a client that never got the answer', () => {
  it('may show its token again within 60 s, and gets the same answer: never a fork', () => {
    const life = new Life()
    const answers = [0, 1, 30_000, 29_998].map((ms) => {
      life.now += ms
      return life.renew(life.first)
    })
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(life.session?.current).toHaveLength(1)
    expect(life.show(answers[3])).not.toBeTypeOf('string')
  })

  it('may not after 60 s, however often it asked within them: that is a theft', () => {
    const life = new Life()
    life.renew(life.first)
    life.now += 59_999
    life.renew(life.first)
    life.now += 1
    expect(life.show(life.first)).toBe('stolen')
  })

  it('changes nothing by asking again', () => {
    const life = new Life()
    life.renew(life.first)
    const { session } = life
    life.now += 1000
    life.renew(life.first)
    expect(life.session).toBe(session)
  })

  it('may not, once the answer was used: then it did arrive', () => {
    const life = new Life()
    life.renew(life.renew(life.first))
    expect(life.show(life.first)).toBe('stolen')
  })

  it('may not when the token has ended meanwhile', () => {
    const life = new Life()
    life.now = life.first.expiresAt * 1000 - 1
    life.renew(life.first)
    life.now += 1
    expect(life.show(life.first)).toBe('refresh-expired')
  })

  it('gets an answer that neither the storage nor the token before it tells', () => {
    const life = new Life()
    const next = life.renew(life.first)
    const other = new Life()
    other.session = { ...(other.session as SignInRecord), familyKey: 'l'.repeat(43) }
    const text = life.first.text
    const made = successorOf(other.session, 'ann', life.first)
    expect(made.text.split('.')[2]).not.toBe(next.text.split('.')[2])
    const kept = { ...life.first, text: life.session?.previous ?? '' }
    const derived = successorOf(life.session as SignInRecord, 'ann', kept)
    expect(derived.text).not.toBe(next.text)
    expect(next.text).not.toBe(text)
  })
})

describe('theft', () => {
  it('by a thief who is first: the owner’s next turn ends it', () => {
    const life = new Life()
    const thiefs = life.renew(life.first)
    const again = life.renew(thiefs)
    expect(life.show(life.first)).toBe('stolen')
    expect(life.show(again)).toBe('refresh-invalid')
  })

  it('by a thief who comes after the owner: the thief’s turn ends it', () => {
    const life = new Life()
    const owners = life.renew(life.first)
    const next = life.renew(owners)
    expect(life.show(life.first)).toBe('stolen')
    expect(life.show(next)).toBe('refresh-invalid')
  })

  it('by a thief who comes right after the owner: whoever goes on second ends it', () => {
    const life = new Life()
    const [owners, thiefs] = [life.renew(life.first), life.renew(life.first)]
    life.now += 600_000
    life.renew(owners)
    life.now += 60_000
    expect(life.show(thiefs)).toBe('stolen')
  })

  it('of a token from long ago is one too, while it has not ended', () => {
    const life = new Life()
    let token = life.first
    for (let n = 0; n < 5; n++) token = life.renew(token)
    life.now = life.first.expiresAt * 1000 - 1
    expect(life.show(life.first)).toBe('stolen')
  })

  it('of one that has ended is none: it is merely expired', () => {
    const life = new Life()
    life.now += DAY
    const next = life.renew(life.renew(life.first))
    life.now = life.first.expiresAt * 1000
    expect(life.show(life.first)).toBe('refresh-expired')
    expect(life.show(next)).not.toBeTypeOf('string')
  })

  it('cannot be claimed by who merely knows the ids', () => {
    const life = new Life()
    const { personId, sessionId, expiresAt } = life.first
    const forged = makeRefreshToken(
      { personId, sessionId, expiresAt },
      'l'.repeat(43),
      new Uint8Array(SECRET_LENGTH),
    )
    const changed = life.first.text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    expect(life.show(forged)).toBe('refresh-invalid')
    expect(life.show({ ...life.first, text: changed })).toBe('refresh-invalid')
    expect(life.show(forged, true)).toBe('refresh-invalid')
    expect(life.show(life.first)).not.toBeTypeOf('string')
  })
})

describe('the four cases', () => {
  const ended = (rules: Partial<SessionRules> = {}) => {
    const life = new Life(rules)
    life.now = life.first.expiresAt * 1000
    return life
  }

  it('(1) access and refresh token expired: sign in again', () => {
    expect(ended().show(ended().first)).toBe('refresh-expired')
    expect(ended().show(undefined)).toBe('refresh-missing')
  })

  it('(2) access token expired, refresh token valid: both renewed', () => {
    const life = new Life()
    life.now = life.first.expiresAt * 1000 - 1
    expect(life.show(life.first)).not.toBeTypeOf('string')
  })

  it('(3) access token valid, refresh token expired: both renewed, by a family that starts anew', () => {
    const life = ended()
    const next = life.renew(life.first, true)
    expect(life.session?.current).toHaveLength(1)
    expect(life.show(next)).not.toBeTypeOf('string')
  })

  it('(3) also without the token that expired: a browser drops it by itself', () => {
    const life = ended()
    expect(life.show(life.renew(undefined, true))).not.toBeTypeOf('string')
  })

  it('(3) again within 60 s, for an answer that was lost: the same', () => {
    const life = ended()
    const answers = [1, 2, 3].map(() => life.renew(life.first, true))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(life.show(answers[0])).not.toBeTypeOf('string')
  })

  it('(3) not again after them, and not when the answer was used: no fork', () => {
    for (const used of [false, true]) {
      const life = ended()
      const next = life.renew(life.first, true)
      if (used) life.renew(next)
      else life.now += 60_000
      expect(life.show(life.first, true)).toBe('refresh-expired')
    }
  })

  it('(3) not by a token that was used and has not ended: that is theft', () => {
    const life = new Life()
    life.renew(life.renew(life.first))
    expect(life.show(life.first, true)).toBe('stolen')
  })

  it.each([
    ['on the last millisecond', 90 * DAY - 1, 'renewed'],
    ['too late', 90 * DAY, 'session-too-old'],
  ])('(3) until SESSION_MAX_DAYS after the sign-in: %s', (_when, age, outcome) => {
    for (const shown of [true, false]) {
      const life = new Life({ refreshLifetime: 89 * 86_400 })
      life.now = START + age
      const answer = life.show(shown ? life.first : undefined, true)
      expect(typeof answer === 'string' ? answer : 'renewed').toBe(outcome)
    }
  })

  it('(3) is switched off by SESSION_MAX_DAYS 0', () => {
    expect(ended({ maxAge: 0 }).show(ended().first, true)).toBe('refresh-expired')
    expect(ended({ maxAge: 0 }).show(undefined, true)).toBe('refresh-expired')
  })

  it('(3) not of a session that was ended', () => {
    const life = ended()
    life.session = undefined
    expect(life.show(life.first, true)).toBe('session-ended')
    expect(life.show(undefined, true)).toBe('session-ended')
    expect(life.show(life.first)).toBe('refresh-invalid')
    expect(life.show(undefined)).toBe('refresh-missing')
  })

  it('(4) access and refresh token valid: a refresh renews, by the refresh token alone', () => {
    const life = new Life()
    expect(life.show(undefined, true)).toBe('refresh-missing')
    expect(life.show(life.first, true)).not.toBeTypeOf('string')
  })
})

describe('a session', () => {
  it('lives until the last access token of its last refresh token has ended', () => {
    const life = new Life()
    expect(livesUntil(life.session as SignInRecord, RULES)).toBe(START + 14 * DAY + 900_000)
  })
})
