// Where the reader is signed in: a row for each session, with a button to end it.

import type { Session } from '../../api/api.ts'
import { api } from '../../api/api.ts'
import { ApiError } from '../../api/request.ts'
import type { Identity } from '../../identity/identity.ts'
import { element, find } from '../base/dom.ts'
import { setText } from '../base/language.ts'
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
    setText(note, 'loadingSessions')
    note.hidden = list.childElementCount > 0
    try {
      const { sessions } = await identity.authorized(api.sessions)
      list.replaceChildren(...thisOneFirst(sessions).map(row))
      note.hidden = true
    } catch {
      setText(note, 'sessionsFailed')
      note.hidden = false
    }
  }

  function row({ id, device, signedInAt, lastUsedAt, current }: Session) {
    const title = element('span', 'session-device', element('bdi', '', device))
    title.id = `session-${id}`
    if (current) title.append(' ', setText(element('span', 'tag'), 'thisSession'))
    const about = element(
      'div',
      'session-about',
      title,
      element(
        'p',
        'detail',
        setText(element('span'), 'signedIn'),
        ' ',
        timeNode(signedInAt, 'moment'),
      ),
      element(
        'p',
        'detail',
        setText(element('span'), 'lastUsed'),
        ' ',
        timeNode(lastUsedAt, 'moment'),
      ),
    )
    const node = element('li', 'session', about)
    if (!current) node.append(endButton(id, title.id, node))
    return node
  }

  function endButton(id: string, described: string, node: HTMLLIElement) {
    const button = setText(element('button', 'small'), 'endSession')
    button.type = 'button'
    button.setAttribute('aria-describedby', described)
    button.addEventListener('click', async () => {
      button.disabled = true
      try {
        await identity.authorized((token) => api.endSession(token, id))
        node.remove()
      } catch (error) {
        // If the session has ended meanwhile, that is what the reader wanted.
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
