// The field for a message, and who types, above it.

import { Icon } from '../base/elements.tsx'
import { isolated, labels, text } from '../base/language.ts'
import { momentOf } from '../base/time.tsx'
import type { ClosedReason, ComposerControl } from './composer-control.ts'

/** From this many people on, the line names nobody and does not change with each. */
const SEVERAL = 3

/** Who types. The line is always there, so nothing moves. */
function TypingLine({ people }: { people: readonly { name: string }[] }) {
  const names = people.slice(0, SEVERAL).map(({ name }) => isolated(name))
  return (
    <p class="typing" role="status" aria-atomic="true">
      <span class="who" id="typing-who">
        {names.length > 0 && text('typists', names)}
      </span>{' '}
      <span id="typing-verb">{names.length > 0 && text('typing', names.length)}</span>
    </p>
  )
}

/** What the field is for, if not for a new message. */
function Occupation({ control: { revised, answered } }: { control: ComposerControl }) {
  if (revised.value) return <span>{text('revising')}</span>
  const { sender, content } = answered.value ?? {}
  return (
    <span class="answering">
      {sender && text('answering', isolated(sender.name))} <q dir="auto">{content}</q>
    </span>
  )
}

function closedText(closed: ClosedReason, { until, reason }: { until: string; reason: string }) {
  if (closed !== 'closedMuted') return text(closed)
  return `${text(closed, momentOf(until))}${reason && ` (${reason})`}`
}

/** Without the right to write it shows why in the place of the field. */
export const Composer = ({
  control,
  typing,
}: {
  control: ComposerControl
  typing: readonly { name: string }[]
}) => (
  <form class="composer" id="composer" method="post" noValidate onSubmit={control.onSubmit}>
    {control.wait.value > 0 ? (
      <p class="typing" id="slow-wait">
        {text('slowWait', control.wait.value)}
      </p>
    ) : (
      <TypingLine people={typing} />
    )}
    <p
      class="revising"
      id="revising"
      role="status"
      hidden={control.revised.value === undefined && control.answered.value === undefined}
    >
      <Occupation control={control} />{' '}
      <button class="link" id="revising-cancel" type="button" onClick={control.onCancel}>
        {text('cancel')}
      </button>
    </p>
    <textarea
      id="message"
      ref={control.field}
      rows={1}
      enterkeyhint="send"
      autocomplete="off"
      disabled={control.isClosed.value}
      hidden={control.closed.value !== undefined}
      placeholder={text('messagePlaceholder')}
      aria-label={text('message')}
      aria-describedby="send-hint"
      onInput={control.onInput}
      onKeyDown={control.onKeyDown}
    />
    <button
      class="primary send"
      id="send"
      type="submit"
      disabled={
        control.isClosed.value ||
        control.isEmpty.value ||
        (control.wait.value > 0 && control.revised.value === undefined)
      }
      hidden={control.closed.value !== undefined}
      {...labels('send')}
      aria-describedby="slow-wait"
    >
      <Icon name="send" />
    </button>
    <p class="closed" id="closed" role="status" hidden={control.closed.value === undefined}>
      {control.closed.value && closedText(control.closed.value, control.mute.value)}
    </p>
    <p class="detail send-hint" id="send-hint">
      {text('sendHint')}
    </p>
  </form>
)
