// The whole page. Everything is always there; the styles show what belongs to the view.

import type { AccountControl } from './account/account-control.ts'
import { AccountSheet } from './account/account-sheet.tsx'
import { text } from './base/language.ts'
import { InvitedTo, Landing, type LandingControl } from './landing.tsx'
import { Lobby, type LobbyControl } from './lobby.tsx'
import { MessageMenu } from './log/message-menu.tsx'
import { ActDialog } from './room/act-dialog.tsx'
import { Moderation } from './room/moderation.tsx'
import { PeopleList } from './room/people.tsx'
import { PersonMenu } from './room/person-menu.tsx'
import { Pins } from './room/pins.tsx'
import { Room } from './room/room.tsx'
import type { RoomControl } from './room/room-control.ts'
import { RoomCreation } from './room/room-creation.tsx'
import { DeletionDialog } from './room/room-deletion.tsx'
import { RoomSettings } from './room/room-settings.tsx'
import { Sharing } from './room/sharing.tsx'
import { Welcome, type WelcomeControl } from './welcome.tsx'

export function Page({
  welcome,
  landing,
  lobby,
  account,
  room,
}: {
  welcome: WelcomeControl
  landing: LandingControl
  lobby: LobbyControl
  account: AccountControl
  room: RoomControl
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
      <PersonMenu control={room.people.menu} />
      <Pins control={room.pins} />
      <Moderation control={room.moderation} />
      <Sharing control={room.sharing} />
      <Landing control={landing} />
      <RoomCreation control={lobby.creation} />
      <AccountSheet control={account} />
      <RoomSettings control={room.settings} />
      <DeletionDialog control={room.deletion} />
      <ActDialog control={room.acts} />
    </>
  )
}
