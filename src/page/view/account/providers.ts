// Sign-in with a provider: the buttons, the way there, and what the address says after the return.
// An address never has a token. sessionStorage keeps the room that the reader was going to.

import { element } from '../base/dom.ts'
import { setText } from '../base/language.ts'

export type Provider = { id: string; name: string }

const HASH_KEY = 'stompbox.return'
/** In the place of a code: the provider succeeded, and the page has to finish the link. */
const LINK_PENDING = 'link-pending'
/** In the address after a sign-in, so that the page asks who it is. */
const MARK = 'signed-in'
export const RETURN_TO = `/?${MARK}`

/** The URL where a sign-in with a provider starts. */
export const signInAddress = (provider: string) =>
  `/api/auth/oidc/${encodeURIComponent(provider)}?returnTo=${encodeURIComponent(RETURN_TO)}`

/** Call it before the browser goes to a provider. */
export function rememberRoom() {
  sessionStorage.setItem(HASH_KEY, location.hash)
}

/**
 * Reads and removes what a sign-in with a provider left in the address: a success, a link to
 * finish, the code of a failure, or nothing. Call it before anything else reads the address.
 */
export function readReturn(): { signedIn: boolean; linking: boolean; code: string | null } {
  const code = new URLSearchParams(location.hash.slice(1)).get('sign-in')
  const marked = new URLSearchParams(location.search).has(MARK)
  const hash = sessionStorage.getItem(HASH_KEY) ?? ''
  sessionStorage.removeItem(HASH_KEY)
  if (marked || code !== null) history.replaceState(null, '', location.pathname + hash)
  const linking = code === LINK_PENDING
  return { signedIn: marked && code === null, linking, code: linking ? null : code }
}

/** Links that start the sign-in. */
export function offerSignIn(place: HTMLElement, providers: Provider[]) {
  const buttons = providers.map(({ id, name }) => {
    const link = setText(element('a', 'button'), 'continueWith', name)
    link.href = signInAddress(id)
    link.addEventListener('click', rememberRoom)
    return link
  })
  offer(place, buttons)
}

/** Buttons for a reader who is signed in already. */
export function offerLink(
  place: HTMLElement,
  providers: Provider[],
  link: (provider: string) => Promise<void>,
) {
  const buttons = providers.map(({ id, name }) => {
    const button = setText(element('button'), 'continueWith', name)
    button.type = 'button'
    button.addEventListener('click', () => link(id))
    return button
  })
  offer(place, buttons)
}

function offer(place: HTMLElement, buttons: HTMLElement[]) {
  place.hidden = buttons.length === 0
  place.replaceChildren(setText(element('p', 'or'), 'or'), ...buttons)
}
