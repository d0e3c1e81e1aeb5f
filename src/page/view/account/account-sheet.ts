// The person's own corner: who am I, keep this name, change the password, my sessions, sign out.

import type { WaysIn } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import type { Identity } from '../../identity/identity.ts'
import { avatar, find } from '../base/dom.ts'
import type { TextKey } from '../base/language.ts'
import { hush, say, sayRefusal } from '../base/language.ts'
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
    sayRefusal(problem, error instanceof ApiError ? error.code : 'internal')
  }

  function open(news?: TextKey) {
    show()
    note.hidden = news === undefined
    if (news) say(note, news)
    hush(problem)
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
      say(find(`${place}-kind`, HTMLElement), way === 'guest' ? 'guest' : 'account')
    }
    find('keep-name', HTMLElement).hidden = way !== 'guest' || !signup
    find('guest-farewell', HTMLElement).hidden = way !== 'guest'
    find('sign-out-everywhere', HTMLElement).hidden = way === 'guest'
    find('open-password', HTMLElement).hidden = way !== 'password'
  }

  function bind(id: string, act: () => Promise<void>) {
    const button = find(id, HTMLButtonElement)
    button.addEventListener('click', async () => {
      hush(problem)
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

    /** Whether whoever reads is a guest, and may become an account. */
    mayRegister: () => identity.way === 'guest' && signup,

    offer: (ways: WaysIn) => {
      signup = ways.signup !== false
      show()
      logins.offer(ways)
    },

    /** The browser has come back from a provider that is to be linked. */
    finishLink: () =>
      identity.finishLink().then(
        () => open('linked'),
        (error) => {
          open()
          refuse(error)
        },
      ),

    /** Why a provider's account did not become ours. */
    complain: (code: string) => {
      open()
      sayRefusal(problem, code)
    },
  }
}
