// @ts-check
// The only wiring: who is reading, which room the address names, and what the page does when it
// wakes up. Everything else is in chat/ (no DOM) and view/.
import { createIdentity } from './chat/identity.js'
import { avatar, find } from './view/dom.js'
import { startLanguage } from './view/language.js'
import { createLobby } from './view/lobby.js'
import { createRoomView } from './view/room-view.js'
import { roomInLocation } from './view/sharing.js'
import { createSignIn } from './view/sign-in.js'
import { refreshTimes } from './view/time.js'

const identity = createIdentity()
const lobby = createLobby({ identity })
const room = createRoomView({ identity, onRoom, onNews, onGone })
createSignIn(identity, () => {
  route()
  void lobby.refresh()
})
let unseen = 0

/** Shows what the address names to whoever is signed in. */
function route() {
  const roomId = roomInLocation()
  room.close()
  showMe()
  find('invited', HTMLElement).hidden = roomId === ''
  if (!identity.user) {
    document.body.dataset.view = 'welcome'
    find('welcome-name', HTMLInputElement).focus()
    return
  }
  document.body.dataset.view = roomId === '' ? 'lobby' : 'room'
  lobby.mark(roomId)
  if (roomId !== '') room.open(roomId)
  showTitle()
}

function showMe() {
  if (!identity.user) return
  find('me-avatar', HTMLElement).replaceChildren(avatar(identity.user))
  find('me-name', HTMLElement).textContent = identity.user.name
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
  void lobby.refresh()
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

/** Because a phone's keyboard covers the page without making it shorter, in some browsers. */
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
identity.onChange(showMe)

startLanguage(() => {
  refreshTimes()
  showTitle()
})
route()
if (identity.user) void lobby.refresh()
