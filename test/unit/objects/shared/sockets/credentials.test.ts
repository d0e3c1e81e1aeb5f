import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AccessVerifier } from '../../../../../src/auth/tokens/access-verifier.ts'
import { TokenError } from '../../../../../src/auth/tokens/token-error.ts'
import { credentialOf } from '../../../../../src/objects/shared/sockets/credentials.ts'
import { carriesToken } from '../../../../../src/room/stomp-commands/body.ts'
import type { Frame, StompCommand } from '../../../../../src/stomp/frame.ts'
import { issue, tokenWorld } from '../../../../support/token-world.ts'

const frame = (command: StompCommand, headers: Record<string, string>): Frame => ({
  command,
  headers: new Map(Object.entries(headers)),
  body: new Uint8Array(),
})

const bearing = (token: string) => frame('SEND', { Authorization: `Bearer ${token}` })

let world: Awaited<ReturnType<typeof tokenWorld>>

beforeEach(async () => {
  world = await tokenWorld()
})

describe('the token of a frame', () => {
  it.each([
    ['SEND', { Authorization: 'Bearer t' }, true],
    ['SEND', { authorization: 'Bearer t' }, true],
    ['SEND', { Authorization: 'nonsense' }, true],
    ['SEND', { passcode: 't' }, false],
    ['CONNECT', { passcode: 't' }, true],
    ['STOMP', { passcode: 't' }, true],
    ['CONNECT', {}, false],
  ] as const)('of %s with %j: %s', (command, headers, carries) => {
    expect(carriesToken(frame(command, headers))).toBe(carries)
  })

  it.each(['us', 'hmac'] as const)('says who somebody is, by %s', async (issuer) => {
    const token = await issue(world.issuings[issuer])
    const claims = await world.access.verify(token)
    expect(await credentialOf(bearing(token), world.access)).toEqual({ claims })
    const connect = frame('CONNECT', { passcode: token })
    expect(await credentialOf(connect, world.access)).toEqual({ claims })
  })

  it.each([
    [{ exp: 1 }, { refused: 'token-expired', detail: undefined }],
    [{ nbf: 4e9 }, { refused: 'token-early', detail: 'nbf' }],
    [{ aud: 'another' }, { refused: 'token-invalid', detail: 'audience' }],
  ])('with %j is refused with its code and reason', async (claims, refused) => {
    const token = await issue(world.issuings.ec, { claims })
    expect(await credentialOf(bearing(token), world.access)).toEqual(refused)
  })

  it('that is none is refused', async () => {
    const refused = { refused: 'token-invalid', detail: 'malformed' }
    expect(await credentialOf(frame('SEND', { Authorization: 'x' }), world.access)).toEqual(refused)
  })
})

describe('what is not the token’s fault', () => {
  it.each([
    [new TokenError('unavailable', 'keys', { cause: 'no network' }), 'keys', 1],
    [new TokenError('unavailable', 'keys'), 'keys', 0],
    [new Error('a bug'), undefined, 1],
  ])(
    '%s says to come back, and is logged where somebody can see to it',
    async (fault, detail, lines) => {
      const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
      onTestFinished(() => logged.mockRestore())
      const verifier = { verify: () => Promise.reject(fault) } as unknown as AccessVerifier
      const credential = await credentialOf(bearing('t'), verifier)
      expect(credential).toMatchObject({ refused: 'unavailable' })
      expect('detail' in credential ? credential.detail : undefined).toBe(detail)
      expect(logged.mock.calls).toEqual(lines ? [[fault]] : [])
    },
  )
})
