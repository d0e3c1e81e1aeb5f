import { expect, it } from 'vitest'
import type { Admission } from '../../../../../src/contract.ts'
import { enter, readAdmission } from '../../../../../src/objects/shared/sockets/admission.ts'

const admissionOf = (name: string): Admission => ({
  principal: { id: 'ann', name, roles: ['GENERAL'] },
  ...{ sessionId: 's', version: 1, visitId: 'v', protocol: 'v12.stomp' },
  ticket: { id: 't', expiresAt: 5 },
})

/** The request by which the gateway asks a room. */
async function asked(admission: Admission): Promise<Request> {
  let heard: Request | undefined
  const room = async (request: Request) => {
    heard = request
    return new Response(null, { status: 403 })
  }
  await enter({ fetch: room }, admission)
  if (!heard) throw new Error('nobody asked')
  return heard
}

const NAMES = [
  'Ann',
  '100 %41',
  '앤 😀',
  '"\\u0041\\"',
  'a\nb\u0000\u007f\u0080',
  '\ud800',
  '\u2028',
]

it.each(NAMES)('an admission arrives in its room as it was: %j', async (name) => {
  const admission = admissionOf(name)
  const request = await asked(admission)
  expect(readAdmission(request)).toEqual(admission)
  // An older version of a room, and of the gateway.
  const header = request.headers.get('Stompbox-Admission') ?? ''
  expect(JSON.parse(decodeURIComponent(header))).toEqual(admission)
  const headers = { 'Stompbox-Admission': encodeURIComponent(JSON.stringify(admission)) }
  expect(readAdmission(new Request('https://room/', { headers }))).toEqual(admission)
})
