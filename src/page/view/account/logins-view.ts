// The ways to sign in to the reader's account: when each was linked, and a button to remove it.

import type { Logins, Proof, WaysIn } from '../../api/api.ts'
import { api } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { element, find } from '../base/dom.ts'
import { setText } from '../base/language.ts'
import { timeNode } from '../base/time.ts'
import type { Act } from './proof.ts'
import { createProof } from './proof.ts'
import { offerLink, RETURN_TO, rememberRoom } from './providers.ts'

/**
 * How long a way to sign in is marked as new, in milliseconds, so that the owner notices a foreign
 * one.
 */
const NEW_FOR = 7 * 86_400_000

export function createLoginsView({
  identity,
  onRemoved,
  onProblem,
}: {
  identity: Identity
  onRemoved: () => void
  onProblem: (error: unknown) => void
}) {
  const section = find('logins-section', HTMLElement)
  const list = find('logins', HTMLUListElement)
  const proof = createProof()
  let logins: Logins = { password: null, providers: [] }

  /** Until the list has loaded. */
  let loaded = Promise.resolve()

  const load = () => {
    loaded = fetchAll()
    return loaded
  }

  async function fetchAll() {
    section.hidden = identity.way === 'guest'
    if (section.hidden) return
    try {
      logins = await identity.authorized(api.logins)
    } catch (error) {
      return onProblem(error)
    }
    const { password, providers } = logins
    const first = password
      ? [row(setText(element('span'), 'byPassword'), password.username, password.linkedAt)]
      : []
    list.replaceChildren(...first, ...providers.map(providerRow))
  }

  function providerRow({ id, name, account, linkedAt }: Logins['providers'][number]) {
    const node = row(element('bdi', '', name), account, linkedAt)
    if (!logins.password && logins.providers.length === 1) return node
    const button = setText(element('button', 'small'), 'removeLogin')
    button.type = 'button'
    button.addEventListener('click', () => prove((given) => remove(id, given)))
    node.append(button)
    return node
  }

  function row(title: HTMLElement, account: string, linkedAt: string | null) {
    const head = element('span', 'session-device', title, ' · ', element('bdi', '', account))
    const about = element('div', 'session-about', head)
    if (linkedAt) {
      const isNew = Date.now() - Date.parse(linkedAt) < NEW_FOR
      if (isNew) head.append(' ', setText(element('span', 'tag'), 'newLogin'))
      const since = timeNode(linkedAt, 'moment')
      about.append(element('p', 'detail', setText(element('span'), 'linkedOn'), ' ', since))
    }
    return element('li', 'login', about)
  }

  const prove = (act: Act) => proof.prove(() => loaded.then(() => logins), act).catch(onProblem)

  async function remove(id: string, given: Proof) {
    await identity.authorized((token) => api.unlink(token, id, given))
    onRemoved()
  }

  /** Starts to link a provider. The browser leaves the page. */
  const link = (provider: string) =>
    prove(async (given) => {
      const { url } = await identity.authorized((token) =>
        api.linkProvider(token, provider, RETURN_TO, given),
      )
      rememberRoom()
      location.assign(url)
    })

  return {
    load,

    offer: ({ providers, signup }: WaysIn) => {
      offerLink(find('link-providers', HTMLElement), signup === false ? [] : providers, link)
      offerLink(find('add-providers', HTMLElement), providers, link)
    },
  }
}
