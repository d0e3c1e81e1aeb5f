// Signing in with somebody else: the buttons, the way there, and what came back in the address. No
// token is ever in one; the room that the reader was going to waits in sessionStorage.

import { element } from '../base/dom.ts'
import { say } from '../base/language.ts'

export type Provider = { id: string; name: string }

const HASH_KEY = 'stompbox.return'
/** In the place of a code: the provider has said yes, and the page is to finish what it began. */
const LINK_PENDING = 'link-pending'
/** In the address after a sign-in, so that the page knows whom to ask for. */
const MARK = 'signed-in'
export const RETURN_TO = `/?${MARK}`

/** Where a sign-in with a provider begins. */
export const signInAddress = (provider: string) =>
  `/api/auth/oidc/${encodeURIComponent(provider)}?returnTo=${encodeURIComponent(RETURN_TO)}`

/** To be called before the page goes to a provider. */
export function rememberRoom() {
  sessionStorage.setItem(HASH_KEY, location.hash)
}

/**
 * What a sign-in with a provider has left in the address, which is as before afterwards: a success,
 * a link to finish, the code of a failure, or nothing at all. To be called before anybody reads the
 * address.
 */
export function comeBack(): { signedIn: boolean; linking: boolean; code: string | null } {
  const code = new URLSearchParams(location.hash.slice(1)).get('sign-in')
  const marked = new URLSearchParams(location.search).has(MARK)
  const hash = sessionStorage.getItem(HASH_KEY) ?? ''
  sessionStorage.removeItem(HASH_KEY)
  if (marked || code !== null) history.replaceState(null, '', location.pathname + hash)
  const linking = code === LINK_PENDING
  return { signedIn: marked && code === null, linking, code: linking ? null : code }
}

/** Links that begin the sign-in. */
export function offerSignIn(place: HTMLElement, providers: Provider[]) {
  const buttons = providers.map(({ id, name }) => {
    const link = say(element('a', 'button'), 'continueWith', name)
    link.href = signInAddress(id)
    link.addEventListener('click', rememberRoom)
    return link
  })
  offer(place, buttons)
}

/** Buttons for who is signed in already. */
export function offerLink(
  place: HTMLElement,
  providers: Provider[],
  link: (provider: string) => Promise<void>,
) {
  const buttons = providers.map(({ id, name }) => {
    const button = say(element('button'), 'continueWith', name)
    button.type = 'button'
    button.addEventListener('click', () => link(id))
    return button
  })
  offer(place, buttons)
}

function offer(place: HTMLElement, buttons: HTMLElement[]) {
  place.hidden = buttons.length === 0
  place.replaceChildren(say(element('p', 'or'), 'or'), ...buttons)
}
