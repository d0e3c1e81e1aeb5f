// @ts-check
// The person's own corner: who am I, keep this name, change the password, my sessions, sign out.
import { ApiError } from '../chat/request.js'
import { avatar, find } from './dom.js'
import { hush, say, sayRefusal } from './language.js'
import { createLoginsView } from './logins-view.js'
import { createPasswordChange } from './password-change.js'
import { createRegistration } from './registration.js'
import { createSessionsView } from './sessions-view.js'

/** @typedef {import('./language.js').TextKey} TextKey */

/** @param {import('../chat/identity.js').Identity} identity */
export function createMe(identity) {
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

  /** @param {unknown} error */
  function refuse(error) {
    sayRefusal(problem, error instanceof ApiError ? error.code : 'internal')
  }

  /** @param {TextKey} [news] */
  function open(news) {
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

  /**
   * @param {string} id
   * @param {() => Promise<void>} act
   */
  function bind(id, act) {
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

    /** @param {import('../chat/api.js').WaysIn} ways */
    offer: (ways) => {
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

    /** Why a provider's account did not become ours. @param {string} code */
    complain: (code) => {
      open()
      sayRefusal(problem, code)
    },
  }
}
