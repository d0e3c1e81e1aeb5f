// The sheet of the reader's account: name, registration, password, sessions, sign-out.

import type { WaysIn } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import type { Identity } from '../../identity/identity.ts'
import { avatar, find } from '../base/dom.ts'
import type { TextKey } from '../base/language.ts'
import { clearText, setRefusal, setText } from '../base/language.ts'
import { createLoginsView } from './logins-view.ts'
import { createPasswordChange } from './password-change.ts'
import { createRegistration } from './registration.ts'
import { createSessionsView } from './sessions-view.ts'

export function createMe(identity: Identity) {
  const sheet = find('me-sheet', HTMLDialogElement)
  const note = find('me-note', HTMLElement)
  const problem = find('me-problem', HTMLElement)
  const sessions = createSessionsView({ identity, onProblem: refuse })
  const logins = createLoginsView({
    identity,
    onRemoved: () => open('loginRemoved'),
    onProblem: refuse,
  })
  /** Whether a guest may become an account. */
  let signup = true
  const registration = createRegistration(identity, () => open('registered'))
  const passwordChange = createPasswordChange(identity, () => open('passwordChanged'))

  function refuse(error: unknown) {
    setRefusal(problem, error instanceof ApiError ? error.code : 'internal')
  }

  function open(news?: TextKey) {
    show()
    note.hidden = news === undefined
    if (news) setText(note, news)
    clearText(problem)
    if (!sheet.open) sheet.showModal()
    void sessions.load()
    void logins.load()
  }

  function show() {
    const { user, way } = identity
    if (!user) return
    for (const place of ['me', 'me-sheet']) {
      find(`${place}-avatar`, HTMLElement).replaceChildren(avatar(user))
      find(`${place}-name`, HTMLElement).textContent = user.name
      setText(find(`${place}-kind`, HTMLElement), way === 'guest' ? 'guest' : 'account')
    }
    find('keep-name', HTMLElement).hidden = way !== 'guest' || !signup
    find('guest-farewell', HTMLElement).hidden = way !== 'guest'
    find('sign-out-everywhere', HTMLElement).hidden = way === 'guest'
    find('open-password', HTMLElement).hidden = way !== 'password'
  }

  function bind(id: string, act: () => Promise<void>) {
    const button = find(id, HTMLButtonElement)
    button.addEventListener('click', async () => {
      clearText(problem)
      button.disabled = true
      await act().catch(refuse)
      button.disabled = false
    })
  }

  find('open-me', HTMLButtonElement).addEventListener('click', () => open())
  find('open-registration', HTMLButtonElement).addEventListener('click', () => {
    sheet.close()
    registration.open()
  })
  find('open-password', HTMLButtonElement).addEventListener('click', () => {
    sheet.close()
    passwordChange.open()
  })
  bind('sign-out', identity.signOut)
  bind('sign-out-everywhere', identity.signOutEverywhere)
  sheet.addEventListener('close', sessions.clear)

  return {
    show,
    open: () => open(),

    /** Whether the reader is a guest who may register. */
    mayRegister: () => identity.way === 'guest' && signup,

    offer: (ways: WaysIn) => {
      signup = ways.signup !== false
      show()
      logins.offer(ways)
    },

    /** Finishes a link after the return from a provider. */
    finishLink: () =>
      identity.finishLink().then(
        () => open('linked'),
        (error) => {
          open()
          refuse(error)
        },
      ),

    /** Shows why a provider's account was not linked. */
    complain: (code: string) => {
      open()
      setRefusal(problem, code)
    },
  }
}
