// Reading the headers that a command cannot do without.

import { Refusal } from '../../refusals.ts'
import type { Frame } from '../../stomp/frame.ts'

/** The value of a header. Throws Refusal `header-missing`. */
export function required(frame: Frame, name: string): string {
  const value = frame.headers.get(name)
  if (value === undefined) throw new Refusal('header-missing', `${frame.command} wants ${name}`)
  return value
}
