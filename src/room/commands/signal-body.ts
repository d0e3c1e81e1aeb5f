// The body of a SEND that is told and not kept: of typing, and of how far somebody has read.

import * as v from 'valibot'
import type { Frame } from '../../stomp/frame.ts'
import { jsonBody } from './json-body.ts'

const TypingBody = v.object({ typing: v.optional(v.boolean(), true) })
const ReadBody = v.object({ seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })

/** `{typing?}`, or no body: somebody types. Throws Refusal `body-invalid`. */
export const parseTypingBody = (frame: Frame): v.InferOutput<typeof TypingBody> =>
  frame.body.length === 0 ? { typing: true } : jsonBody(frame, TypingBody)

/** `{seq}`. Throws Refusal `body-invalid`. */
export const parseReadBody = (frame: Frame): v.InferOutput<typeof ReadBody> =>
  jsonBody(frame, ReadBody)
