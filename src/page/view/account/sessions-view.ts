// Where the reader is signed in, one row a session, and a way to end each.

import type { Session } from '../../api/api.ts'
import { api } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import type { Identity } from '../../identity/identity.ts'
import { element, find } from '../base/dom.ts'
import { say } from '../base/language.ts'
import { timeNode } from '../base/time.ts'

export function createSessionsView({
  identity,
  onProblem,
}: {
  identity: Identity
  onProblem: (error: unknown) => void
}) {
  const list = find('sessions', HTMLUListElement)
  const note = find('sessions-note', HTMLElement)

  async function load() {
    say(note, 'loadingSessions')
    note.hidden = list.childElementCount > 0
    try {
      const { sessions } = await identity.authorized(api.sessions)
      list.replaceChildren(...thisOneFirst(sessions).map(row))
      note.hidden = true
    } catch {
      say(note, 'sessionsFailed')
      note.hidden = false
    }
  }

  function row({ id, device, signedInAt, lastUsedAt, current }: Session) {
    const title = element('span', 'session-device', element('bdi', '', device))
    title.id = `session-${id}`
    if (current) title.append(' ', say(element('span', 'tag'), 'thisSession'))
    const about = element(
      'div',
      'session-about',
      title,
      element('p', 'detail', say(element('span'), 'signedIn'), ' ', timeNode(signedInAt, 'moment')),
      element('p', 'detail', say(element('span'), 'lastUsed'), ' ', timeNode(lastUsedAt, 'moment')),
    )
    const node = element('li', 'session', about)
    if (!current) node.append(endButton(id, title.id, node))
    return node
  }

  function endButton(id: string, described: string, node: HTMLLIElement) {
    const button = say(element('button', 'small'), 'endSession')
    button.type = 'button'
    button.setAttribute('aria-describedby', described)
    button.addEventListener('click', async () => {
      button.disabled = true
      try {
        await identity.authorized((token) => api.endSession(token, id))
        node.remove()
      } catch (error) {
        // A session that ended by itself meanwhile is what was asked for.
        if (error instanceof ApiError && error.code === 'session-unknown') return node.remove()
        button.disabled = false
        onProblem(error)
      }
    })
    return button
  }

  return { load, clear: () => list.replaceChildren() }
}

const thisOneFirst = (sessions: Session[]) =>
  sessions.toSorted(
    (a, b) =>
      Number(b.current) - Number(a.current) || Date.parse(b.lastUsedAt) - Date.parse(a.lastUsedAt),
  )
