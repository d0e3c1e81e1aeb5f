// The log on the screen. The scroll position stays where the reader put it.

import { Component } from 'preact'
import { useEffect } from 'preact/hooks'
import { text } from '../base/language.ts'
import { Time } from '../base/time.tsx'
import type { Access, LogControl } from './log-control.ts'
import type { LogScroll } from './log-scroll.ts'
import { type Item, itemsOf, type LogState } from './log-state.ts'
import { MessageRow } from './message-row.tsx'
import { NoteRow } from './note-row.tsx'

/** Rows are rendered again only when their own item changes. */
export function Log({ control }: { control: LogControl }) {
  const { scroll, needs } = control
  const state = control.state.value
  const access = control.access.value
  useEffect(scroll.watch, [])
  const items = itemsOf(state, needs.me(), needs.isMine)
  const isEmpty = state.known && !state.more && items.length === 0
  return (
    <div class="log-frame">
      <div
        class="log-scroll"
        id="log-scroll"
        ref={scroll.scroller}
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={text('log')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: not every browser scrolls it by keys.
        tabIndex={0}
        onScroll={scroll.onScroll}
      >
        <p class="log-start" id="log-start" hidden={isEmpty || (state.gaveUp && !state.known)}>
          <Start control={control} state={state} />
        </p>
        <div class="log-empty" id="log-empty" hidden={!isEmpty}>
          <p>{text('emptyRoom')}</p>
          <p class="detail" hidden={!access.mayWrite || !needs.mayShare()}>
            {text('emptyHint')}
          </p>
          <button type="button" hidden={!needs.mayShare()} onClick={needs.onShare}>
            {text('shareTitle')}
          </button>
        </div>
        <Rows items={items} pages={state.pages} access={access} control={control} />
      </div>
      <Hint scroll={scroll} />
    </div>
  )
}

function Start({ control, state }: { control: LogControl; state: LogState }) {
  if (!state.known) return <span>{text('loadingHistory')}</span>
  if (!state.more) return <span>{text('beginning')}</span>
  const older = control.older.value
  return (
    <button
      class="small"
      type="button"
      disabled={older === 'loading'}
      onClick={() => void control.loadOlder()}
    >
      {text(older === 'failed' ? 'olderFailed' : 'older')}
    </button>
  )
}

function Hint({ scroll: { atEnd, unseen, toEnd } }: { scroll: LogScroll }) {
  const count = unseen.value
  return (
    <button
      class={count > 0 ? 'log-hint fresh' : 'log-hint'}
      id="log-hint"
      type="button"
      hidden={atEnd.value}
      onClick={toEnd}
    >
      {count > 0 ? text('newMessages', count) : text('toNewest')}
    </button>
  )
}

interface RowsProps {
  readonly items: readonly Item[]
  readonly pages: number
  readonly access: Access
  readonly control: LogControl
}

/** A class, because a hook cannot look at the page before it changes. */
class Rows extends Component<RowsProps> {
  override getSnapshotBeforeUpdate(before: RowsProps) {
    const { control, pages } = this.props
    const { scroller } = control.scroll
    // A live region would read the history aloud.
    if (pages > before.pages) scroller.current?.setAttribute('aria-live', 'off')
    return control.scroll.anchor()
  }

  override componentDidUpdate(
    before: RowsProps,
    _state: unknown,
    anchor: ReturnType<LogScroll['anchor']>,
  ) {
    const { control, pages } = this.props
    const { scroll } = control
    scroll.restore(anchor)
    if (pages === before.pages) return
    requestAnimationFrame(() => {
      scroll.scroller.current?.setAttribute('aria-live', 'polite')
      scroll.onScroll()
    })
  }

  override render({ items, access, control }: RowsProps) {
    return (
      <ol class="log" id="log" ref={control.scroll.list}>
        {items.map((item) => {
          if (item.kind === 'note') return <NoteRow key={item.key} event={item.event} />
          if (item.kind === 'day') {
            return (
              <li class="day" key={item.key}>
                <Time iso={item.at} style="day" />
              </li>
            )
          }
          return (
            <MessageRow
              key={item.key}
              item={item}
              access={access}
              onJump={control.jump}
              needs={control.needs}
            />
          )
        })}
      </ol>
    )
  }
}
