// Wires the page: the reader, the room in the address, and what happens when the page wakes up.

import { effect } from '@preact/signals'
import { render } from 'preact'
import { forgetOutboxes, HttpRefusal } from '../client/index.ts'
import { api } from './api/api.ts'
import { createIdentity } from './identity/identity.ts'
import { invitationInLocation, roomInLocation } from './room/room-link.ts'
import { createAccountAccess } from './view/account/account-button.tsx'
import { readReturn } from './view/account/providers.tsx'
import { refreshTimes } from './view/base/time.tsx'
import { createLanding } from './view/landing.tsx'
import { createLateDialogs } from './view/late-dialogs.tsx'
import { createLobby } from './view/lobby-control.ts'
import { Page } from './view/page.tsx'
import { createReader } from './view/reader.ts'
import { createRoom } from './view/room/room-control.ts'
import { createWelcome } from './view/welcome.tsx'

// A browser without IndexedDB has nothing to delete.
const identity = createIdentity({ onLeave: () => void forgetOutboxes().catch(() => {}) })
const reader = createReader(identity)
const dialogs = createLateDialogs(dialogsAddress(), () => ({
  ...{ identity, reader, ways: account.ways, open: room.needs },
  onCreated: () => void lobby.refresh(),
}))
const lobby = createLobby(identity, dialogs)
const account = createAccountAccess(reader, dialogs)
const room = createRoom({
  ...{ identity, dialogs, onRoom, onEntered: lobby.entered, onNews, onGone },
  onLost: lobby.lost,
})
const landing = createLanding(identity, leaveInvitation)
const welcome = createWelcome(identity)
let unseen = 0

/** Where the second bundle is: the build writes it into index.html. */
function dialogsAddress() {
  return document.querySelector<HTMLMetaElement>('meta[name="dialogs"]')?.content ?? ''
}

/**
 * Shows the room or the lobby to a reader, and the welcome page to anybody else.
 * @param refusal why nobody is signed in
 */
function route(refusal = identity.former?.code) {
  const roomId = roomInLocation()
  const invitation = invitationInLocation()
  room.close()
  dialogs.drop()
  if (!identity.user) {
    document.body.dataset.view = 'welcome'
    const invited = roomId !== '' || invitation !== ''
    welcome.show({ invited, ...(refusal ? { code: refusal } : {}) })
    if (invitation !== '') void landing.look(invitation)
    else landing.forget()
  } else {
    document.body.dataset.view = roomId === '' ? 'lobby' : 'room'
    lobby.mark(roomId)
    if (roomId !== '') room.open(roomId)
    if (invitation !== '') landing.ask(invitation)
    else landing.leave()
  }
  showTitle()
}

function leaveInvitation() {
  if (invitationInLocation() !== '') location.hash = ''
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
    welcome.wait()
    await identity.welcomeBack().catch((error) => {
      if (!identity.user) route(error instanceof HttpRefusal ? error.code : 'internal')
    })
  } else if (identity.user) {
    void lobby.refresh()
    if (code !== null) complain(code)
    if (linking) await finishLink()
  }
}

/** Shows why a provider's account was not linked. */
function complain(code: string) {
  dialogs.use(({ account }) => account.complain(code))
}

/** Finishes a link after the return from a provider. */
async function finishLink() {
  try {
    await identity.finishLink()
    dialogs.use(({ account }) => account.onLinked())
  } catch (error) {
    complain(error instanceof HttpRefusal ? error.code : 'internal')
  }
}

async function offerWaysIn() {
  // Without the list, the page still offers the ways in that need no provider.
  const ways = await api.waysIn().catch(() => undefined)
  if (!ways) return
  welcome.offer(ways)
  account.ways.value = ways
}

function showTitle() {
  const name = room.name === '' ? 'Stompbox' : `${room.name} · Stompbox`
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

const root = document.getElementById('page')
if (!root) throw new Error('index.html has no #page')
root.replaceChildren()
render(<Page {...{ welcome, landing, lobby, account, room, dialogs }} />, root)

globalThis.addEventListener('hashchange', () => {
  route()
  if (roomInLocation() === '') void lobby.refresh()
})
document.addEventListener('visibilitychange', wakeUp)
globalThis.visualViewport?.addEventListener('resize', fitViewport)
identity.onChange(onReader)
effect(showTitle)
void arrive()
void offerWaysIn()
