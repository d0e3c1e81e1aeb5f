// Requests into values: each body and query is parsed once, here, by its schema.

import * as v from 'valibot'
import { Refusal } from '../../refusals.ts'
import { visibleText } from '../../visible-text.ts'
import type { GatewayContext } from '../context.ts'

type Schema<Output> = v.GenericSchema<unknown, Output>

/**
 * The JSON body of a request.
 *
 * @throws Refusal `media-type-refused`, `body-malformed` or `body-invalid`.
 */
export async function bodyOf<Output>(
  context: GatewayContext,
  schema: Schema<Output>,
): Promise<Output> {
  const mediaType = context.req.header('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') throw new Refusal('media-type-refused')
  const value = await json(context)
  const output = parse(schema, value, 'body-invalid')
  if (isListForObject(value, output)) throw new Refusal('body-invalid', 'an object is wanted')
  return output
}

/**
 * The same, where a request without a body says what `{}` would.
 *
 * @throws Refusal as `bodyOf`.
 */
export async function optionalBodyOf<Output>(
  context: GatewayContext,
  schema: Schema<Output>,
): Promise<Output> {
  const { byteLength } = await context.req.arrayBuffer()
  return byteLength === 0 ? parse(schema, {}, 'body-invalid') : bodyOf(context, schema)
}

/** A schema with only optional members accepts a list, wherever in the body it stands. */
function isListForObject(given: unknown, parsed: unknown): boolean {
  if (typeof given !== 'object' || typeof parsed !== 'object') return false
  if (given === null || parsed === null) return false
  if (Array.isArray(given) && !Array.isArray(parsed)) return true
  return Object.entries(parsed).some(([name, value]) =>
    isListForObject(Reflect.get(given, name), value),
  )
}

/**
 * The query of a request.
 *
 * @throws Refusal `query-invalid`.
 */
export function queryOf<Output>(context: GatewayContext, schema: Schema<Output>): Output {
  return parse(schema, context.req.query(), 'query-invalid')
}

async function json(context: GatewayContext): Promise<unknown> {
  const bytes = await context.req.arrayBuffer()
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch {
    throw new Refusal('body-malformed')
  }
}

function parse<Output>(
  schema: Schema<Output>,
  value: unknown,
  code: 'body-invalid' | 'query-invalid',
): Output {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'value'}: ${issue.message}`)
  throw new Refusal(code, faults.join('; '))
}

/** Characters of a password. */
const MIN_PASSWORD = 8
const MAX_PASSWORD = 256
const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/
/** Code units of what is to be normalized: longer texts are refused before the work. */
const MAX_RAW = 1024

/** A name that people see: trimmed, in NFC, of at most `max` characters. */
export const displayName = visibleText

/** A user name as it was typed, and in the one spelling that is unique. */
export const username = () =>
  v.pipe(
    v.string('a text is wanted'),
    v.maxLength(MAX_RAW, 'too long'),
    v.trim(),
    v.transform((typed) => ({ typed, key: spelled(typed) })),
    v.check(({ key }) => USERNAME.test(key), '3 to 32 of a-z, 0-9, ".", "_" and "-"'),
  )

/** A refresh token as it was sent, not verified. */
export const refreshToken = () => v.string('a text is wanted')

/** A new password: 8 to 256 characters of any kind. */
export const newPassword = () =>
  v.pipe(
    password(),
    v.check(
      (text) => [...text.normalize('NFKC')].length >= MIN_PASSWORD,
      `at least ${MIN_PASSWORD}`,
    ),
  )

/** A password that may be right. */
export const password = () =>
  v.pipe(
    v.string('a text is wanted'),
    v.nonEmpty('a password is wanted'),
    v.maxLength(MAX_RAW, 'too long'),
    // All lone surrogates become the same bytes, so two passwords would be one.
    v.check((text) => text.isWellFormed(), 'half a character'),
    v.check(
      (text) => [...text.normalize('NFKC')].length <= MAX_PASSWORD,
      `${MAX_PASSWORD} at most`,
    ),
  )

const spelled = (name: string) => name.normalize('NFKC').toLowerCase()

/** A whole number in a query. */
export const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, 'a whole number is wanted'),
    v.transform(Number),
    v.minValue(least, `at least ${least}`),
    v.maxValue(most, `at most ${most}`),
  )

/** An RFC 3339 timestamp, as milliseconds since 1970. */
export const time = () =>
  v.pipe(
    v.string('a timestamp is wanted'),
    v.maxLength(40, 'too long'),
    v.isoTimestamp('an RFC 3339 timestamp is wanted'),
    v.check(hasItsDay, 'there is no such day'),
    v.transform((text) => Date.parse(text)),
    v.check((at) => Number.isSafeInteger(at), 'an RFC 3339 timestamp is wanted'),
  )

/** Whether the month of a timestamp has its day. A Date would go on in the next month. */
function hasItsDay(text: string): boolean {
  const date = text.slice(0, 'yyyy-mm-dd'.length)
  return new Date(`${date}T00:00:00Z`).getUTCDate() === Number(date.slice(-2))
}
