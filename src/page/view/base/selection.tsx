// A choice of one, with its label, and the durations that are offered.

import type { ComponentChildren } from 'preact'
import { type TextKey, text } from './language.ts'

const DAY_S = 86_400

const DURATIONS: readonly (readonly [seconds: number, label: TextKey])[] = [
  [3600, 'oneHour'],
  [DAY_S, 'oneDay'],
  [7 * DAY_S, 'sevenDays'],
  [30 * DAY_S, 'thirtyDays'],
]

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

/** An hour to a month, in seconds. */
export const Durations = ({ selected }: { selected?: number }) => (
  <>
    {DURATIONS.map(([seconds, label]) => (
      <option key={seconds} value={seconds} selected={seconds === selected}>
        {text(label)}
      </option>
    ))}
  </>
)
