import { describe, expect, it } from 'vitest'
import { answerHeartBeat, formatHeartBeat, parseHeartBeat } from '../../../src/stomp/heart-beat.ts'
import { chooseProtocol, chooseVersion } from '../../../src/stomp/version.ts'

describe('the sub-protocol', () => {
  it.each([
    [['v10.stomp', 'v12.stomp', 'v11.stomp'], 'v12.stomp'],
    [['v10.stomp'], 'v10.stomp'],
    [['v11.stomp', 'v10.stomp'], 'v11.stomp'],
    [['bearer.x', 'v12.stomp'], 'v12.stomp'],
    [['soap', 'V12.STOMP'], undefined],
    [[''], undefined],
  ])('[STOMP A1] of %j is %s', (offered, chosen) => {
    expect(chooseProtocol(offered)).toBe(chosen)
  })
})

describe('the version', () => {
  it.each([
    [undefined, '1.0'],
    ['1.0,1.1,1.2', '1.2'],
    ['1.2,1.1', '1.2'],
    ['1.1,1.0', '1.1'],
    ['1.0', '1.0'],
    ['9.9,1.1,x', '1.1'],
    ['1.1, 1.2', '1.2'],
    ['2.0', undefined],
    ['', undefined],
  ])('[STOMP F3] [STOMP F4] [STOMP F5] of accept-version %j is %s', (header, version) => {
    expect(chooseVersion(header)).toBe(version)
  })
})

describe('heart-beats', () => {
  it.each([
    [undefined, '0,0'],
    ['0,0', '0,0'],
    ['0,5000', '0,0'],
    ['1000,0', '45000,45000'],
    ['10000,10000', '45000,45000'],
    ['60000,1', '60000,45000'],
  ])(
    '[STOMP G1] [STOMP G3] [STOMP G4c] the answer to %j is %s: no more than an echo can keep',
    (header, answer) => {
      expect(formatHeartBeat(answerHeartBeat(parseHeartBeat(header), 45_000))).toBe(answer)
    },
  )

  it.each(['1', '1,', ',1', '1,2,3', '-1,0', '1.5,0', 'a,b', ' 1,2', '1,2 ', '99999999999,0'])(
    '[STOMP G2] %j is no heart-beat',
    (header) => {
      expect(() => parseHeartBeat(header)).toThrow(
        expect.objectContaining({ code: 'frame-malformed' }),
      )
    },
  )
})
