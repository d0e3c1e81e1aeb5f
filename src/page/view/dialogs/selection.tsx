// A choice of one, with its label, and the durations that are offered.

import type { ComponentChildren } from 'preact'
import { locale, type TextKey, text } from '../base/language.ts'

/** Each unit in seconds, the longest first. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** An hour to a month. */
const TERMS = [3600, 86_400, 7 * 86_400, 30 * 86_400]

/** The options are its children. */
export const Select = ({
  name,
  label,
  children,
}: {
  name: string
  label: TextKey
  children: ComponentChildren
}) => (
  <label class="selection">
    <span>{text(label)}</span>
    <select name={name}>{children}</select>
  </label>
)

/** Durations in seconds. 0: what `none` says. */
export const Durations = ({
  of = TERMS,
  none = 'noDuration',
  selected,
}: {
  of?: readonly number[]
  none?: TextKey
  selected?: number
}) => (
  <>
    {of.map((seconds) => (
      <option key={seconds} value={seconds} selected={seconds === selected}>
        {seconds === 0 ? text(none) : durationOf(seconds)}
      </option>
    ))}
  </>
)

function durationOf(seconds: number) {
  const [unit, length] = UNITS.find(([, length]) => seconds % length === 0) ?? ['second', 1]
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const
  return new Intl.NumberFormat(locale(), style).format(seconds / length)
}
