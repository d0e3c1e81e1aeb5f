// A form that sends one request at a time. A refusal is shown under its field (`#<field
// id>-problem`), or if it is about none, at the end of the form (`.form-problem`).

import { ApiError } from '../../api/request.ts'
import { find } from './dom.ts'
import { clearText, setRefusal, setText } from './language.ts'

/** The codes of a busy server. */
const BUSY = new Set(['too-fast', 'unavailable'])
/** Seconds to wait if the server does not say how long, and the longest wait. */
const BUSY_S = 10
const LONGEST_BUSY_S = 120

/** By the names of the fields. Passwords as typed, everything else trimmed. */
export type Values = Record<string, string>

/**
 * @param id of the form
 * @param needs `check`: codes of what is wrong, by field. `about`: the field of each code.
 *   `patient`: sends again after a wait if the server is busy, unless the reader changes something
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
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  /** The server was busy. The form will be sent again. */
  let waiting = false

  const problemOf = (field: HTMLInputElement) => find(`${field.id}-problem`, HTMLElement)

  function clearProblem(field: HTMLInputElement) {
    field.removeAttribute('aria-invalid')
    clearText(problemOf(field))
  }

  function clearProblems() {
    clearTimeout(retryTimer)
    waiting = false
    for (const field of fields) clearProblem(field)
    if (general instanceof HTMLElement) clearText(general)
  }

  function showProblem(field: HTMLInputElement, code: string) {
    field.ariaInvalid = 'true'
    setRefusal(problemOf(field), code)
  }

  function values(): Values {
    return Object.fromEntries(
      fields.map(({ name, value, autocomplete }) => [
        name,
        autocomplete.endsWith('password') ? value : value.trim(),
      ]),
    )
  }

  /** Checks the values before the request. True: they are all right. */
  function isValid(given: Values) {
    const faults = check?.(given) ?? {}
    for (const field of fields) {
      if (field.required && given[field.name] === '') showProblem(field, 'field-empty')
      else if (faults[field.name]) showProblem(field, faults[field.name] ?? '')
    }
    const first = fields.find((field) => field.ariaInvalid === 'true')
    first?.focus()
    return first === undefined
  }

  function refuse(error: unknown) {
    const { code, retryAfter } = error instanceof ApiError ? error : new ApiError(0, 'internal')
    const field = fields.find(({ name }) => name === about[code])
    if (field) {
      showProblem(field, code)
      field.select()
    } else if (patient && BUSY.has(code)) {
      wait(retryAfter)
    } else if (general instanceof HTMLElement) {
      setRefusal(general, code, retryAfter)
      // After the wait, the sentence about the wait is wrong.
      if (retryAfter) retryTimer = setTimeout(clearText, retryAfter * 1000, general)
    }
  }

  /**
   * Readers who were refused together must not return at the same moment.
   * @param asked seconds
   */
  function wait(asked = BUSY_S) {
    const seconds = Math.ceil(Math.min(asked, LONGEST_BUSY_S) * (1 + Math.random() / 2))
    if (general instanceof HTMLElement) setText(general, 'busy', seconds)
    waiting = true
    // If the form is hidden, the reader has chosen another way to sign in.
    retryTimer = setTimeout(() => form.checkVisibility() && form.requestSubmit(), seconds * 1000)
  }

  form.addEventListener('input', ({ target }) => {
    if (waiting) clearProblems()
    else if (target instanceof HTMLInputElement) clearProblem(target)
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (form.ariaBusy === 'true') return
    clearProblems()
    const given = values()
    if (!isValid(given)) return
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

  /** Empties the form and removes all problems. */
  function reset() {
    form.reset()
    clearProblems()
    for (const node of form.querySelectorAll('[data-reveals]')) reveal(node, false)
  }

  return { reset }
}

function reveal(button: Element, shown: boolean) {
  const { reveals = '' } = button instanceof HTMLElement ? button.dataset : {}
  find(reveals, HTMLInputElement).type = shown ? 'text' : 'password'
  button.ariaPressed = String(shown)
}
