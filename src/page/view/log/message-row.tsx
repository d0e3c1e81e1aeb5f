// One message as a row of the log: its text, its changes, its reactions, and the state of an own
// message on its way.

import { Component } from 'preact'
import type { ChatEvent, Entry } from '../../../client/index.ts'
import { Avatar, Icon, Marks, Name } from '../base/elements.tsx'
import { labels, text } from '../base/language.ts'
import { Time } from '../base/time.tsx'
import type { Access, LogNeeds } from './log-control.ts'
import type { MessageItem } from './log-state.ts'
import { MessageText, mentionsMe } from './message-text.tsx'
import { QuoteOf } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import { SendFailure } from './send-failure.tsx'

interface RowProps {
  readonly item: MessageItem
  readonly access: Access
  readonly onJump: (seq: number) => void
  readonly needs: LogNeeds
}

/** A class, because a long log must not render the rows that have not changed. */
export class MessageRow extends Component<RowProps> {
  override shouldComponentUpdate({ item, access }: RowProps) {
    const { item: shown, access: before } = this.props
    return (
      access !== before ||
      item.message !== shown.message ||
      item.entry !== shown.entry ||
      item.goesOn !== shown.goesOn ||
      item.followed !== shown.followed ||
      item.changes.length !== shown.changes.length ||
      item.changes.some((entry, index) => entry !== shown.changes[index])
    )
  }

  override render(props: RowProps) {
    return <Row {...props} />
  }
}

function Row({ item, access, onJump, needs }: RowProps) {
  const { message, entry, sender, mine } = item
  const gone = message?.deleted !== undefined
  const isForMe = message !== undefined && !gone && mentionsMe(message, needs.isMine)
  const classes = [
    'message',
    mine && 'mine',
    item.goesOn && 'goes-on',
    item.followed && 'followed',
    gone && 'gone',
    isForMe && 'for-me',
  ]
  const state = mine ? (entry ? STATES[entry.state] : 'sent') : undefined
  const content = message ? message.content : entry?.body.content
  return (
    <li
      class={classes.filter(Boolean).join(' ')}
      data-author={item.author}
      data-at={item.at}
      data-seq={message?.seq}
      data-key={mine ? item.key : undefined}
      data-state={state}
    >
      <Avatar {...sender} />
      <p class="byline">
        <Name name={sender.name} />
        <Marks {...sender} />
      </p>
      {item.quote && !gone && <QuoteOf quote={item.quote} onJump={onJump} />}
      <div class="line">
        <p class="content" dir="auto">
          {gone ? (
            text('messageDeleted')
          ) : (
            <MessageText {...{ message, needs }} content={content ?? ''} />
          )}
        </p>
        <p class="mark">
          {isForMe && <span class="by-ear">{text('mentionsYou')}</span>}
          {message?.edited !== undefined && <span class="edited">{text('edited')}</span>}
          <Time iso={item.at} style="clock" />
          {state && <StateMark state={state} />}
        </p>
        {message && !gone && (
          <More message={message} hidden={!needs.message.hasMenu(message)} needs={needs} />
        )}
      </div>
      {message && (
        <Reactions
          message={message}
          disabled={!access.mayWrite}
          isMine={needs.isMine}
          onReact={needs.message.onReact}
        />
      )}
      {[...(entry ? [entry] : []), ...item.changes].map((one) => (
        <SendFailure key={one.key} entry={one} actions={needs.entry} />
      ))}
    </li>
  )
}

/** For the reader it makes no difference whether an entry waits for its turn or its receipt. */
const STATES: Record<Entry['state'], 'sending' | 'sent' | 'failed'> = {
  waiting: 'sending',
  sending: 'sending',
  sent: 'sent',
  failed: 'failed',
  unsure: 'failed',
  withdrawn: 'failed',
}

const StateMark = ({ state }: { state: 'sending' | 'sent' | 'failed' }) => (
  <span class="state" role="img" {...labels(state)}>
    <Icon name={state} />
  </span>
)

const More = ({
  message,
  hidden,
  needs,
}: {
  message: ChatEvent
  hidden: boolean
  needs: LogNeeds
}) => (
  <button
    class="more"
    type="button"
    hidden={hidden}
    onClick={({ currentTarget }) => needs.message.onMenu(message, currentTarget)}
    {...labels('more')}
  >
    <Icon name="more" />
  </button>
)
