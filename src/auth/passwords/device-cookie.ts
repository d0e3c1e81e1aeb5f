// What a browser keeps that has signed in to a user name before: its failures are counted apart, so
// other people's failures do not lock its owner out (OWASP, "Slow Down Online Guessing Attacks with
// Device Cookies"). No password: without one it opens nothing. A MAC by the key of the user name;
// random bytes and keys are arguments.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { base64url } from 'jose'

/** Random bytes that tell one device from another. */
export const DEVICE_LENGTH = 16
/** Characters of 6 random bits each, of the key of a user name: as many bits as the MAC has. */
export const DEVICE_KEY_LENGTH = 43

const DEVICE = /^([\w-]{22})\.([\w-]{43})$/

/** `<chance>.<mac>` */
export function makeDevice(chance: Uint8Array, key: string): string {
  const id = base64url.encode(chance)
  return `${id}.${mac(id, key)}`
}

/** The first of the device cookies that was made with this key; undefined if none was. */
export const knownDevice = (devices: readonly string[], key: string): string | undefined =>
  devices.find((device) => {
    const [, id = '', shown = ''] = DEVICE.exec(device) ?? []
    const right = mac(id, key)
    return shown.length === right.length && timingSafeEqual(utf8(shown), utf8(right))
  })

/** What its failures are counted under. */
export const deviceId = (device: string): string => device.split('.', 1)[0] ?? ''

/** HMAC-SHA256 (RFC 2104), in base64url. */
const mac = (id: string, key: string) =>
  base64url.encode(createHmac('sha256', key).update(`device ${id}`).digest())

const utf8 = (text: string) => new TextEncoder().encode(text)
