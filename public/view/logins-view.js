// @ts-check
// The ways in to the reader's account: each with the day when it was linked, and a way to remove it.
import { api } from '../chat/api.js'
import { element, find } from './dom.js'
import { say } from './language.js'
import { createProof } from './proof.js'
import { offerLink, RETURN_TO, rememberRoom } from './providers.js'
import { timeNode } from './time.js'

/** @typedef {import('../chat/api.js').Logins} Logins */
/** @typedef {import('../chat/api.js').WaysIn} WaysIn */

/** Milliseconds for which a way in is marked as new: its owner shall notice one that is not theirs. */
const NEW_FOR = 7 * 86_400_000

/**
 * @param {{
 *   identity: import('../chat/identity.js').Identity,
 *   onRemoved: () => void,
 *   onProblem: (error: unknown) => void,
 * }} needs
 */
export function createLoginsView({ identity, onRemoved, onProblem }) {
  const section = find('logins-section', HTMLElement)
  const list = find('logins', HTMLUListElement)
  const proof = createProof()
  /** @type {Logins} */
  let logins = { password: null, providers: [] }

  /** Until the list is there. */
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
      ? [row(say(element('span'), 'byPassword'), password.username, password.linkedAt)]
      : []
    list.replaceChildren(...first, ...providers.map(providerRow))
  }

  /** @param {Logins['providers'][number]} login */
  function providerRow({ id, name, account, linkedAt }) {
    const node = row(element('bdi', '', name), account, linkedAt)
    if (!logins.password && logins.providers.length === 1) return node
    const button = say(element('button', 'small'), 'removeLogin')
    button.type = 'button'
    button.addEventListener('click', () => prove((given) => remove(id, given)))
    node.append(button)
    return node
  }

  /**
   * @param {HTMLElement} title
   * @param {string} account
   * @param {string | null} linkedAt
   */
  function row(title, account, linkedAt) {
    const head = element('span', 'session-device', title, ' · ', element('bdi', '', account))
    const about = element('div', 'session-about', head)
    if (linkedAt) {
      const isNew = Date.now() - Date.parse(linkedAt) < NEW_FOR
      if (isNew) head.append(' ', say(element('span', 'tag'), 'newLogin'))
      const since = timeNode(linkedAt, 'moment')
      about.append(element('p', 'detail', say(element('span'), 'linkedOn'), ' ', since))
    }
    return element('li', 'login', about)
  }

  /** @param {import('./proof.js').Act} act */
  const prove = (act) => proof.prove(() => loaded.then(() => logins), act).catch(onProblem)

  /**
   * @param {string} id
   * @param {import('../chat/api.js').Proof} given
   */
  async function remove(id, given) {
    await identity.authorized((token) => api.unlink(token, id, given))
    onRemoved()
  }

  /** Begins to add a provider: the page leaves. @param {string} provider */
  const link = (provider) =>
    prove(async (given) => {
      const { url } = await identity.authorized((token) =>
        api.linkProvider(token, provider, RETURN_TO, given),
      )
      rememberRoom()
      location.assign(url)
    })

  return {
    load,

    /** @param {WaysIn} ways */
    offer: ({ providers, signup }) => {
      offerLink(find('link-providers', HTMLElement), signup === false ? [] : providers, link)
      offerLink(find('add-providers', HTMLElement), providers, link)
    },
  }
}
