// The page of the first bundle. Everything is always there; the styles show what belongs to the
// view.

import type { AccountAccess } from './account/account-button.tsx'
import { text } from './base/language.ts'
import { InvitedTo, Landing, type LandingControl } from './landing.tsx'
import { type LateDialogs, LateNote } from './late-dialogs.tsx'
import { Lobby } from './lobby.tsx'
import type { LobbyControl } from './lobby-control.ts'
import { MessageMenu } from './log/message-menu.tsx'
import { PeopleList } from './room/people.tsx'
import { Pins } from './room/pins.tsx'
import { Room } from './room/room.tsx'
import type { RoomControl } from './room/room-control.ts'
import { Welcome, type WelcomeControl } from './welcome.tsx'

/** Every view at once: the styles show one of them. */
export function Page({
  welcome,
  landing,
  lobby,
  account,
  room,
  dialogs,
}: {
  welcome: WelcomeControl
  landing: LandingControl
  lobby: LobbyControl
  account: AccountAccess
  room: RoomControl
  dialogs: LateDialogs
}) {
  return (
    <>
      <Welcome control={welcome} invitedTo={<InvitedTo control={landing} />} />
      <div class="app">
        <Lobby control={lobby} account={account} />
        <Room control={room} account={account} />
        <div class="no-room">
          <p>{text('pickRoom')}</p>
        </div>
        <PeopleList control={room.people} />
      </div>
      <MessageMenu control={room.conversation.menu} />
      <Pins control={room.pins} />
      <Landing control={landing} />
      <LateNote control={dialogs} />
    </>
  )
}
