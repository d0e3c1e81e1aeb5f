// @ts-check
// Signing in with somebody else: the buttons, the way there, and what came back in the address. No
// token is ever in one; the room that the reader was going to waits in sessionStorage.
import { element } from './dom.js'
import { say } from './language.js'

/** @typedef {{ id: string, name: string }} Provider */

const HASH_KEY = 'stompbox.return'
/** In the place of a code: the provider has said yes, and the page is to finish what it began. */
const LINK_PENDING = 'link-pending'
/** In the address after a sign-in, so that the page knows whom to ask for. */
const MARK = 'signed-in'
export const RETURN_TO = `/?${MARK}`

/** Where a sign-in with a provider begins. @param {string} provider */
export const signInAddress = (provider) =>
  `/api/auth/oidc/${encodeURIComponent(provider)}?returnTo=${encodeURIComponent(RETURN_TO)}`

/** To be called before the page goes to a provider. */
export function rememberRoom() {
  sessionStorage.setItem(HASH_KEY, location.hash)
}

/**
 * What a sign-in with a provider has left in the address, which is as before afterwards: a success, a link
 * to finish, the code of a failure, or nothing at all. To be called before anybody reads the address.
 * @returns {{ signedIn: boolean, linking: boolean, code: string | null }}
 */
export function comeBack() {
  const code = new URLSearchParams(location.hash.slice(1)).get('sign-in')
  const marked = new URLSearchParams(location.search).has(MARK)
  const hash = sessionStorage.getItem(HASH_KEY) ?? ''
  sessionStorage.removeItem(HASH_KEY)
  if (marked || code !== null) history.replaceState(null, '', location.pathname + hash)
  const linking = code === LINK_PENDING
  return { signedIn: marked && code === null, linking, code: linking ? null : code }
}

/**
 * Links that begin the sign-in.
 * @param {HTMLElement} place
 * @param {Provider[]} providers
 */
export function offerSignIn(place, providers) {
  const buttons = providers.map(({ id, name }) => {
    const link = say(element('a', 'button'), 'continueWith', name)
    link.href = signInAddress(id)
    link.addEventListener('click', rememberRoom)
    return link
  })
  offer(place, buttons)
}

/**
 * Buttons for who is signed in already.
 * @param {HTMLElement} place
 * @param {Provider[]} providers
 * @param {(provider: string) => Promise<void>} link
 */
export function offerLink(place, providers, link) {
  const buttons = providers.map(({ id, name }) => {
    const button = say(element('button'), 'continueWith', name)
    button.type = 'button'
    button.addEventListener('click', () => link(id))
    return button
  })
  offer(place, buttons)
}

/**
 * @param {HTMLElement} place
 * @param {HTMLElement[]} buttons
 */
function offer(place, buttons) {
  place.hidden = buttons.length === 0
  place.replaceChildren(say(element('p', 'or'), 'or'), ...buttons)
}
