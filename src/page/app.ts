// Wires the page: the reader, the room in the address, and what happens when the page wakes up.

import { forgetOutboxes } from '../client/index.ts'
import { api } from './api/api.ts'
import { ApiError } from './api/request.ts'
import { createIdentity } from './identity/identity.ts'
import { createMe } from './view/account/account-sheet.ts'
import { readReturn } from './view/account/providers.ts'
import { startLanguage } from './view/base/language.ts'
import { refreshTimes } from './view/base/time.ts'
import { createLobby } from './view/lobby.ts'
import { createRoomView } from './view/room/room-view.ts'
import { roomInLocation } from './view/room/sharing.ts'
import { createSignIn } from './view/sign-in.ts'

// A browser without IndexedDB has nothing to delete.
const identity = createIdentity({ onLeave: () => void forgetOutboxes().catch(() => {}) })
const lobby = createLobby({ identity })
const me = createMe(identity)
const room = createRoomView({
  ...{ identity, onRoom, onNews, onGone },
  onLost: () => void lobby.refresh(),
  mayRegister: me.mayRegister,
  onRegister: me.open,
})
const signIn = createSignIn(identity)
let unseen = 0

/**
 * Shows the room or the lobby to a reader, and the welcome page to anybody else.
 * @param refusal why nobody is signed in
 */
function route(refusal = identity.former?.code) {
  const roomId = roomInLocation()
  room.close()
  me.show()
  if (!identity.user) {
    document.body.dataset.view = 'welcome'
    signIn.show({ invited: roomId !== '', ...(refusal ? { code: refusal } : {}) })
  } else {
    document.body.dataset.view = roomId === '' ? 'lobby' : 'room'
    lobby.mark(roomId)
    if (roomId !== '') room.open(roomId)
  }
  showTitle()
}

/** Another reader, or none. Nothing of the last one may stay on the screen. */
function onReader() {
  for (const dialog of document.querySelectorAll('dialog')) dialog.close()
  room.forget()
  lobby.forget()
  route()
  if (identity.user) void lobby.refresh()
}

/** Starts the page. A provider may have sent the reader back. */
async function arrive() {
  const { signedIn, linking, code } = readReturn()
  if (!signedIn || identity.user) route(code ?? undefined)
  else document.body.dataset.view = 'welcome'
  if (signedIn) {
    signIn.wait()
    await identity.welcomeBack().catch((error) => {
      if (!identity.user) route(error instanceof ApiError ? error.code : 'internal')
    })
  } else if (identity.user) {
    void lobby.refresh()
    if (code !== null) me.complain(code)
    if (linking) await me.finishLink()
  }
}

async function offerWaysIn() {
  // Without the list, the page still offers the ways in that need no provider.
  const ways = await api.waysIn().catch(() => undefined)
  if (!ways) return
  signIn.offer(ways)
  me.offer(ways)
}

function showTitle() {
  const name = room.roomName === '' ? 'Stompbox' : `${room.roomName} · Stompbox`
  document.title = unseen > 0 ? `(${unseen}) ${name}` : name
}

function onRoom() {
  lobby.mark(roomInLocation())
  showTitle()
}

function onNews() {
  if (!document.hidden) return
  unseen += 1
  showTitle()
}

function onGone() {
  location.hash = ''
}

/** Timers stop while the page sleeps, so check the token, the socket and the date. */
function wakeUp() {
  if (document.hidden) return
  unseen = 0
  showTitle()
  identity.renewIfDue()
  room.probe()
  refreshTimes()
}

/** Some browsers do not shrink the page when a phone's keyboard covers it. */
function fitViewport() {
  const { visualViewport } = window
  if (!visualViewport || visualViewport.scale > 1) return
  document.documentElement.style.setProperty('--page-height', `${visualViewport.height}px`)
  window.scrollTo(0, 0)
}

for (const dialog of document.querySelectorAll('dialog')) {
  dialog.querySelector('[data-close]')?.addEventListener('click', () => dialog.close())
}
globalThis.addEventListener('hashchange', () => {
  route()
  if (roomInLocation() === '') void lobby.refresh()
})
document.addEventListener('visibilitychange', wakeUp)
globalThis.visualViewport?.addEventListener('resize', fitViewport)
identity.onChange(onReader)
identity.onUpdate(me.show)

startLanguage(() => {
  refreshTimes()
  showTitle()
})
void arrive()
void offerWaysIn()
