// The body of a SEND to /pub/send/message: `{content, replyTo?}` as JSON, or the bare text.

import * as v from 'valibot'
import { Refusal } from '../refusals.ts'
import type { Frame } from '../stomp/frame.ts'

const MessageBody = v.object({
  content: v.pipe(v.string(), v.minLength(1)),
  replyTo: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
})

export type MessageBody = v.InferOutput<typeof MessageBody>

const UTF8 = { fatal: true, ignoreBOM: true } as const

/**
 * The message in a SEND. `content-type: application/json` says that it is JSON and any other one
 * that it is text; without one, a JSON object is taken as such and everything else as text.
 *
 * @param limit octets of content.
 * @throws Refusal `body-invalid` or `content-too-large`.
 */
export function parseMessageBody(frame: Frame, limit: number): MessageBody {
  const text = decode(frame.body)
  const result = v.safeParse(MessageBody, asObject(text, frame.headers.get('content-type')))
  if (!result.success) throw new Refusal('body-invalid', fault(result.issues))
  const size = new TextEncoder().encode(result.output.content).length
  if (size > limit) throw new Refusal('content-too-large', `${size} octets, the limit is ${limit}`)
  return result.output
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', UTF8).decode(body)
  } catch {
    throw new Refusal('body-invalid', 'the body is not UTF-8')
  }
}

function asObject(text: string, contentType: string | undefined): unknown {
  if (contentType !== undefined && mediaType(contentType) !== 'application/json') {
    return { content: text }
  }
  const value = parseJson(text)
  if (isObject(value)) return value
  if (contentType === undefined) return { content: text }
  throw new Refusal('body-invalid', 'the body is not a JSON object')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const mediaType = (header: string) => header.split(';', 1)[0]?.trim().toLowerCase()

function fault(issues: readonly v.BaseIssue<unknown>[]): string {
  const [first] = issues
  return first ? `${v.getDotPath(first) ?? 'body'}: expected ${first.expected}` : 'body'
}
