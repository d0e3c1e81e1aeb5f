// @ts-check
// Choosing a name: the welcome page's form and the dialog to come in as somebody else.
import { ApiError } from '../chat/api.js'
import { find } from './dom.js'
import { sayRefusal } from './language.js'

/**
 * @param {import('../chat/identity.js').Identity} identity
 * @param {() => void} onSignedIn
 */
export function createSignIn(identity, onSignedIn) {
  const dialog = find('identity', HTMLDialogElement)
  const later = find('identity-name', HTMLInputElement)

  bind(find('welcome-form', HTMLFormElement), find('welcome-name', HTMLInputElement))
  bind(find('identity-form', HTMLFormElement), later)

  find('change-identity', HTMLButtonElement).addEventListener('click', () => {
    later.value = identity.user?.name ?? ''
    dialog.showModal()
    later.select()
  })

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLInputElement} field
   */
  function bind(form, field) {
    const problem = form.querySelector('.problem')
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      const name = field.value.trim()
      if (name === '' || form.ariaBusy === 'true') return field.focus()
      form.ariaBusy = 'true'
      try {
        await identity.signIn(name)
        if (problem) problem.textContent = ''
        dialog.close()
        onSignedIn()
      } catch (error) {
        const code = error instanceof ApiError ? error.code : 'internal'
        if (problem instanceof HTMLElement) sayRefusal(problem, code)
      } finally {
        form.ariaBusy = 'false'
      }
    })
  }
}
