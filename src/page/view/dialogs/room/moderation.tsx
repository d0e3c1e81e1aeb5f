// The dialog of moderators: reports to settle, and what was done.

import type { LogEntry, Report } from '../../../api/moderation.ts'
import { Dialog } from '../../base/dialog.tsx'
import { Icon, Name, Problem } from '../../base/elements.tsx'
import { isolated, labels, refusalText, type TextKey, text } from '../../base/language.ts'
import { Tabs } from '../../base/tabs.tsx'
import { Time } from '../../base/time.tsx'
import type { ModerationControl } from './moderation-control.ts'

/** Two tabs: the open reports, and the moderation log. */
export function Moderation({ control }: { control: ModerationControl }) {
  const { dialog, tabs, reports, log, problem } = control
  return (
    <Dialog id="moderation" control={dialog}>
      <header class="sheet-head">
        <h2 id="moderation-title">{text('moderation')}</h2>
        <button class="quiet" type="button" onClick={dialog.close} {...labels('close')}>
          <Icon name="close" />
        </button>
      </header>
      <Tabs id="moderation-tabs" control={tabs} label="moderation" />
      <Problem id="moderation-problem">{problem.value && refusalText(problem.value)}</Problem>
      <Panel of={control} id="reports" next={reports.next.value} onMore={control.moreReports}>
        {reports.items.value.map((report) => (
          <ReportRow key={report.id} report={report} control={control} />
        ))}
      </Panel>
      <Panel of={control} id="moderation-log" next={log.next.value} onMore={control.moreLog}>
        {log.items.value.map((entry) => (
          <EntryRow key={entry.id} entry={entry} />
        ))}
      </Panel>
    </Dialog>
  )
}

function Panel({
  of: { tabs },
  id,
  next,
  onMore,
  children,
}: {
  of: ModerationControl
  id: string
  next: string | null | undefined
  onMore: () => void
  children: preact.JSX.Element[]
}) {
  const tab = tabs.offered.value.find(({ panel }) => panel === id)?.id ?? ''
  return (
    <section role="tabpanel" id={id} aria-labelledby={tab} hidden={tabs.selected.value !== tab}>
      <ul class="moderation-list">{children}</ul>
      <p class="detail" hidden={next === undefined || children.length > 0}>
        {text('nothingHere')}
      </p>
      <button class="small" type="button" hidden={!next} onClick={onMore}>
        {text('moreEntries')}
      </button>
    </section>
  )
}

function ReportRow({ report, control }: { report: Report; control: ModerationControl }) {
  const { seq, reason, at, by, message } = report
  const isGone = !message || message.deleted !== undefined
  return (
    <li class="entry">
      <p class="detail">
        {text('reportedBy', by ? isolated(by.name) : text('aRule'))}{' '}
        <Time iso={at} style="moment" />
      </p>
      <blockquote dir="auto">
        {message && <Name name={message.sender.name} />}{' '}
        {isGone ? text('messageDeleted') : message.content}
      </blockquote>
      {reason !== '' && <p dir="auto">{reason}</p>}
      <div class="actions">
        <Button label="showMessage" onClick={() => control.jump(seq)} />
        {!isGone && (
          <Button label="deleteMessage" onClick={() => void control.settle(report, 'delete')} />
        )}
        <Button label="settle" onClick={() => void control.settle(report, 'settled')} />
        <Button label="dismiss" onClick={() => void control.settle(report, 'dismissed')} />
      </div>
    </li>
  )
}

const Button = ({ label, onClick }: { label: TextKey; onClick: () => void }) => (
  <button class="small" type="button" onClick={onClick}>
    {text(label)}
  </button>
)

/** What acts are called. Others are shown as the room calls them. */
const ACTS: Partial<Record<string, TextKey>> = {
  kick: 'kick',
  ban: 'ban',
  unban: 'unban',
  mute: 'mute',
  unmute: 'unmute',
  delete: 'deleteMessage',
  clear: 'clearMessages',
  report: 'settleReport',
  role: 'changeRole',
  settings: 'changeSettings',
}

function EntryRow({ entry: { at, action, by, user, reason, until } }: { entry: LogEntry }) {
  const name = ACTS[action]
  return (
    <li class="entry">
      <p>
        <Name name={by?.name ?? text('aRule')} /> · <b>{name ? text(name) : action}</b>
        {user && ' · '}
        {user && <Name name={user.name} />}
      </p>
      <p class="detail">
        <Time iso={at} style="moment" />
        {until && ` · ${text('until')} `}
        {until && <Time iso={until} style="moment" />}
        {reason && ` · ${reason}`}
      </p>
    </li>
  )
}
