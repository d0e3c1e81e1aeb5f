// The open room on the screen.

import type { AccountAccess } from '../account/account-button.tsx'
import { Icon } from '../base/elements.tsx'
import { labels, text } from '../base/language.ts'
import { Log } from '../log/log.tsx'
import { Composer } from './composer.tsx'
import { PinsButton } from './pins.tsx'
import type { RoomControl } from './room-control.ts'
import { EndedNote, PauseBar, StatusLine } from './status.tsx'
import { ToldBar } from './told-bar.tsx'

/** The head, the log and the composer of the open room. */
export function Room({ control, account }: { control: RoomControl; account: AccountAccess }) {
  const { conversation } = control
  const { state, pause } = control.connection.value
  return (
    <main class="room" id="room">
      <Head control={control} />
      <PauseBar state={state} pause={pause} onHurry={control.hurry} />
      <Log control={conversation.log} />
      <div class="room-news">
        <ToldBar
          notice={control.told.value}
          onJump={conversation.log.jump}
          onClose={() => {
            control.told.value = undefined
          }}
        />
        <EndedNote
          state={state}
          mayRegister={account.mayRegister()}
          onReturn={control.openAgain}
          onUnblock={() => void control.unblock().then(control.openAgain)}
          onRegister={account.open}
        />
      </div>
      <Composer control={conversation.composer} typing={control.typing.value} />
    </main>
  )
}

function Head({ control }: { control: RoomControl }) {
  const { state, pause } = control.connection.value
  const { count } = control.people.people.value
  const room = control.room.value
  return (
    <header class="room-head">
      <a class="quiet back" href="#rooms">
        <Icon name="back" />
        <span class="by-ear">{text('back')}</span>
      </a>
      <div class="room-about">
        <div class="room-title">
          <h1>
            <bdi id="room-title">{room?.name}</bdi>
          </h1>
          <span
            id="room-private"
            role="img"
            hidden={room?.kind !== 'private' && room?.kind !== 'direct'}
            {...labels(room?.kind === 'direct' ? 'directNote' : 'privateNote')}
          >
            <Icon name="lock" />
          </span>
        </div>
        <StatusLine state={state} pause={pause} count={count} />
      </div>
      <PinsButton control={control.pins} />
      <button
        class="quiet"
        id="open-people"
        type="button"
        popovertarget="people"
        {...labels('people')}
      >
        <Icon name="people" />
        <span class="badge" id="people-badge" aria-hidden="true">
          {count > 0 && count}
        </span>
      </button>
      <button
        class="quiet worded"
        id="open-sharing"
        type="button"
        aria-haspopup="dialog"
        hidden={!control.mayShare()}
        onClick={control.share}
        {...labels('shareTitle')}
      >
        <Icon name="share" />
        <span>{text('share')}</span>
      </button>
      <button
        class="quiet"
        id="open-settings"
        type="button"
        aria-haspopup="dialog"
        hidden={control.offered.value?.role === undefined}
        onClick={control.openSettings}
        {...labels('roomSettings')}
      >
        <Icon name="settings" />
      </button>
    </header>
  )
}
