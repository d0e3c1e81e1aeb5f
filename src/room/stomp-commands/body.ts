// Reading a frame: the headers that a command needs, and its body as text or JSON.

import type * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'
import { validated } from '../commands/schemas.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The value of a header.
 *
 * @throws Refusal `header-missing`.
 */
export function required(frame: Frame, name: string): string {
  const value = frame.headers.get(name)
  if (value === undefined) throw new Refusal('header-missing', `${frame.command} wants ${name}`)
  return value
}

/** Whether the token of a frame is to be verified before the frame is answered. */
export function carriesToken({ command, headers }: Frame): boolean {
  if (headers.has('Authorization') || headers.has('authorization')) return true
  return (command === 'CONNECT' || command === 'STOMP') && headers.has('passcode')
}

/**
 * The JSON object that a body is, or its text.
 *
 * @throws Refusal `body-invalid`.
 */
export function textOrObject(frame: Frame): object | string {
  const text = textOf(frame)
  if (isOtherType(frame)) return text
  const object = objectIn(text)
  if (object) return object
  if (!frame.headers.has('content-type')) return text
  throw new Refusal('body-invalid', 'the body is not a JSON object')
}

/**
 * The text of a body.
 *
 * @throws Refusal `body-invalid` where it is not UTF-8.
 */
function textOf({ body }: Frame): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new Refusal('body-invalid', 'the body is not UTF-8')
  }
}

/** Whether `content-type` names another type than JSON. */
function isOtherType({ headers }: Frame): boolean {
  const type = headers.get('content-type')
  return type !== undefined && mediaType(type) !== 'application/json'
}

/** The JSON object that a text holds; undefined where it holds none. */
function objectIn(text: string): object | undefined {
  // Most bare texts are not JSON, and an error costs as much as all the rest of a SEND.
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * The body of a frame that takes nothing but JSON.
 *
 * @throws Refusal `body-invalid`.
 */
export function jsonBody<Output>(frame: Frame, schema: v.GenericSchema<unknown, Output>): Output {
  const object = isOtherType(frame) ? undefined : objectIn(textOf(frame))
  if (!object) throw new Refusal('body-invalid', 'the body is not a JSON object')
  return validated(object, schema)
}

const mediaType = (header: string) => header.split(';', 1)[0]?.trim().toLowerCase()
