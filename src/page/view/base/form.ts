// A form that asks the server: one request at a time, and every "no" under the field it is about
// (`#<field id>-problem`) or, where it is about none, under them all (`.form-problem`).

import { ApiError } from '../../api/request.ts'
import { find } from './dom.ts'
import { hush, say, sayRefusal } from './language.ts'

/** What the server says when it has too much to do. */
const BUSY = new Set(['too-fast', 'unavailable'])
/** Seconds to wait where it does not say, and at most. */
const BUSY_S = 10
const LONGEST_BUSY_S = 120

/** by the fields' names; passwords as typed, the rest trimmed */
export type Values = Record<string, string>

/**
 * @param id of the form
 * @param needs `check`: codes of what is wrong, by field. `about`: which field a code is about.
 *   `patient`: where the server is busy it is asked again, unless the reader changes something
 */
export function bindForm(
  id: string,
  {
    check,
    about = {},
    send,
    patient = false,
  }: {
    check?: (values: Values) => Record<string, string>
    about?: Record<string, string>
    send: (values: Values) => Promise<void>
    patient?: boolean
  },
) {
  const form = find(id, HTMLFormElement)
  const general = form.querySelector('.form-problem')
  const fields = [...form.elements].filter((node) => node instanceof HTMLInputElement)
  let patience: ReturnType<typeof setTimeout> | undefined
  /** The server was busy, and is asked again soon. */
  let waiting = false

  const problemOf = (field: HTMLInputElement) => find(`${field.id}-problem`, HTMLElement)

  function settle(field: HTMLInputElement) {
    field.removeAttribute('aria-invalid')
    hush(problemOf(field))
  }

  function settleAll() {
    clearTimeout(patience)
    waiting = false
    for (const field of fields) settle(field)
    if (general instanceof HTMLElement) hush(general)
  }

  function accuse(field: HTMLInputElement, code: string) {
    field.ariaInvalid = 'true'
    sayRefusal(problemOf(field), code)
  }

  function values(): Values {
    return Object.fromEntries(
      fields.map(({ name, value, autocomplete }) => [
        name,
        autocomplete.endsWith('password') ? value : value.trim(),
      ]),
    )
  }

  /** Whether there is nothing to complain of before the server is asked. */
  function fits(given: Values) {
    const faults = check?.(given) ?? {}
    for (const field of fields) {
      if (field.required && given[field.name] === '') accuse(field, 'field-empty')
      else if (faults[field.name]) accuse(field, faults[field.name] ?? '')
    }
    const first = fields.find((field) => field.ariaInvalid === 'true')
    first?.focus()
    return first === undefined
  }

  function refuse(error: unknown) {
    const { code, retryAfter } = error instanceof ApiError ? error : new ApiError(0, 'internal')
    const field = fields.find(({ name }) => name === about[code])
    if (field) {
      accuse(field, code)
      field.select()
    } else if (patient && BUSY.has(code)) {
      wait(retryAfter)
    } else if (general instanceof HTMLElement) {
      sayRefusal(general, code, retryAfter)
      // A sentence that says when to come back is wrong from then on.
      if (retryAfter) patience = setTimeout(hush, retryAfter * 1000, general)
    }
  }

  /**
   * Those who were sent away together do not come back in one moment.
   * @param asked seconds
   */
  function wait(asked = BUSY_S) {
    const seconds = Math.ceil(Math.min(asked, LONGEST_BUSY_S) * (1 + Math.random() / 2))
    if (general instanceof HTMLElement) say(general, 'busy', seconds)
    waiting = true
    // In a form that is not shown any more the reader has chosen another way in.
    patience = setTimeout(() => form.checkVisibility() && form.requestSubmit(), seconds * 1000)
  }

  form.addEventListener('input', ({ target }) => {
    if (waiting) settleAll()
    else if (target instanceof HTMLInputElement) settle(target)
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (form.ariaBusy === 'true') return
    settleAll()
    const given = values()
    if (!fits(given)) return
    form.ariaBusy = 'true'
    try {
      await send(given)
      reset()
    } catch (error) {
      refuse(error)
    } finally {
      form.ariaBusy = 'false'
    }
  })
  for (const node of form.querySelectorAll('[data-reveals]')) {
    node.addEventListener('click', () => reveal(node, node.ariaPressed !== 'true'))
  }

  /** Empty and without a problem, as it was. */
  function reset() {
    form.reset()
    settleAll()
    for (const node of form.querySelectorAll('[data-reveals]')) reveal(node, false)
  }

  return { reset }
}

function reveal(button: Element, shown: boolean) {
  const { reveals = '' } = button instanceof HTMLElement ? button.dataset : {}
  find(reveals, HTMLInputElement).type = shown ? 'text' : 'password'
  button.ariaPressed = String(shown)
}
