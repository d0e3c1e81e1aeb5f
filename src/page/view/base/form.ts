// A form that sends one request at a time, and knows which field a refusal is about.
// form-fields.tsx shows it.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import { HttpRefusal } from '../../../client/index.ts'

/** The codes of a busy server. */
const BUSY = new Set(['too-fast', 'unavailable'])
/** Seconds to wait if the server does not say how long, and the longest wait. */
const BUSY_S = 10
const LONGEST_BUSY_S = 120

/** By the names of the fields. Passwords as typed, everything else trimmed. */
type Values = Record<string, string>
/** Codes of what is wrong, by field. */
type Problems = Record<string, string>
/** About no field. `busy`: the form will be sent again. */
type General = { code: string; seconds?: number | undefined } | { busy: number }

export type FormControl = ReturnType<typeof createForm>

/**
 * A form that `Form` shows. It is emptied when `send` succeeds, and shows what `send` throws.
 *
 * @param needs `check`: codes of what is wrong, by field. `about`: the field of each code.
 * `patient`: sends again after a wait if the server is busy, unless the reader changes something
 */
export function createForm({
  check,
  about = {},
  send,
  patient = false,
}: {
  check?: (values: Values) => Problems
  about?: Record<string, string>
  send: (values: Values) => Promise<void>
  patient?: boolean
}) {
  const ref = createRef<HTMLFormElement>()
  const problems = signal<Problems>({})
  const general = signal<General | undefined>(undefined)
  /** Undefined until the form was sent once. */
  const busy = signal<boolean | undefined>(undefined)
  /** The names of the password fields whose text is shown. */
  const revealed = signal<ReadonlySet<string>>(new Set())
  let retryTimer: ReturnType<typeof setTimeout> | undefined

  const fields = () =>
    [...(ref.current?.elements ?? [])].filter((node) => node instanceof HTMLInputElement)
  const fieldOf = (name: string) => fields().find((field) => field.name === name)

  function clearProblems() {
    clearTimeout(retryTimer)
    problems.value = {}
    general.value = undefined
  }

  function values(): Values {
    return Object.fromEntries(
      fields().map(({ name, value, autocomplete }) => [
        name,
        autocomplete.endsWith('password') ? value : value.trim(),
      ]),
    )
  }

  /** Checks the values before the request. True: they are all right. */
  function isValid(given: Values) {
    const faults = check?.(given) ?? {}
    const empty = fields().filter(({ required, name }) => required && given[name] === '')
    const all = { ...faults, ...Object.fromEntries(empty.map(({ name }) => [name, 'field-empty'])) }
    problems.value = all
    fields()
      .find(({ name }) => Object.hasOwn(all, name))
      ?.focus()
    return Object.keys(all).length === 0
  }

  function refuse(error: unknown) {
    const { code, retryAfter } =
      error instanceof HttpRefusal ? error : new HttpRefusal(0, 'internal')
    const field = fieldOf(about[code] ?? '')
    if (field) {
      problems.value = { [field.name]: code }
      field.select()
    } else if (patient && BUSY.has(code)) {
      wait(retryAfter)
    } else {
      general.value = { code, seconds: retryAfter }
      // After the wait, the sentence about the wait is wrong.
      if (retryAfter) retryTimer = setTimeout(clearProblems, retryAfter * 1000)
    }
  }

  /**
   * Readers who were refused together must not return at the same moment.
   * @param asked seconds
   */
  function wait(asked = BUSY_S) {
    const seconds = Math.ceil(Math.min(asked, LONGEST_BUSY_S) * (1 + Math.random() / 2))
    general.value = { busy: seconds }
    // If the form is hidden, the reader has chosen another way to sign in.
    retryTimer = setTimeout(() => {
      if (ref.current?.checkVisibility()) ref.current.requestSubmit()
    }, seconds * 1000)
  }

  function reveal(name: string, shown: boolean) {
    const others = [...revealed.value].filter((other) => other !== name)
    revealed.value = new Set(shown ? [...others, name] : others)
  }

  /** Empties the form and removes all problems. */
  function reset() {
    ref.current?.reset()
    clearProblems()
    revealed.value = new Set()
  }

  return {
    ref,
    problems,
    general,
    busy,
    revealed,
    reveal,
    reset,

    set: (name: string, value: string) => {
      const field = fieldOf(name)
      if (field) field.value = value
    },

    onInput: ({ target }: Event) => {
      if (general.value && 'busy' in general.value) return clearProblems()
      if (!(target instanceof HTMLInputElement)) return
      const { [target.name]: _, ...others } = problems.value
      problems.value = others
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      if (busy.value) return
      clearProblems()
      const given = values()
      if (!isValid(given)) return
      busy.value = true
      try {
        await send(given)
        reset()
      } catch (error) {
        refuse(error)
      } finally {
        busy.value = false
      }
    },
  }
}
