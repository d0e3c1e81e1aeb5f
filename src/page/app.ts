// The only wiring: who is reading, which room the address names, and what the page does when it
// wakes up. Everything else is in chat/ (no DOM) and view/.

import { forgetOutboxes } from '../client/index.ts'
import { api } from './api/api.ts'
import { ApiError } from './api/request.ts'
import { createIdentity } from './identity/identity.ts'
import { createMe } from './view/account/account-sheet.ts'
import { comeBack } from './view/account/providers.ts'
import { startLanguage } from './view/base/language.ts'
import { refreshTimes } from './view/base/time.ts'
import { createLobby } from './view/lobby.ts'
import { createRoomView } from './view/room/room-view.ts'
import { roomInLocation } from './view/room/sharing.ts'
import { createSignIn } from './view/sign-in.ts'

// A browser without a database has kept nothing to forget.
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
 * Shows what the address names to whoever is signed in; to nobody, the ways in.
 * @param refusal why there is nobody
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

/** Another reader, or none: nothing of the one before stays on the screen. */
function onReader() {
  for (const dialog of document.querySelectorAll('dialog')) dialog.close()
  room.forget()
  lobby.forget()
  route()
  if (identity.user) void lobby.refresh()
}

/** Where the page begins: a provider may have sent the reader back. */
async function arrive() {
  const { signedIn, linking, code } = comeBack()
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
  // A page without the list still has the ways in that need none.
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

/** Timers slept while the page did: look at the token, the socket, and the day. */
function wakeUp() {
  if (document.hidden) return
  unseen = 0
  showTitle()
  identity.keepFresh()
  room.probe()
  refreshTimes()
}

/** Some browsers leave the page as tall as it was when a phone's keyboard covers it. */
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
