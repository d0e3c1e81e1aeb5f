// What moderators look through: the reports that wait for them, and the moderation log.

import { type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { Room } from '../../../api/api.ts'
import { type LogEntry, moderationApi, type Report } from '../../../api/moderation.ts'
import type { Identity } from '../../../identity/identity.ts'
import { createDialog } from '../../base/dialog.tsx'
import { createPages } from '../../base/pages.ts'
import { createTabs } from '../../base/tabs.tsx'

export type ModerationControl = ReturnType<typeof createModeration>

/**
 * Loads reports and log entries page by page, and settles reports.
 *
 * @param needs `onJump`: shows a message in the log. `onDelete`: deletes one
 */
export function createModeration({
  identity,
  room,
  onJump,
  onDelete,
}: {
  identity: Identity
  room: ReadonlySignal<Room | undefined>
  onJump: (seq: number) => void
  onDelete: (seq: number) => void
}) {
  const inRoom = <T>(does: (token: string, roomId: string) => Promise<T>) =>
    identity.authorized((token) => does(token, room.peek()?.id ?? ''))
  const reports = createPages<Report>(async (cursor) => {
    const answer = await inRoom((token, id) => moderationApi.reports(token, id, cursor))
    return { items: answer.reports, next: answer.next }
  })
  const log = createPages<LogEntry>(async (cursor) => {
    const answer = await inRoom((token, id) => moderationApi.log(token, id, cursor))
    return { items: answer.entries, next: answer.next }
  })
  const problem = signal<string | undefined>(undefined)
  const dialog = createDialog()
  const tabs = createTabs([
    { id: 'tab-reports', panel: 'reports', label: 'reports' },
    { id: 'tab-log', panel: 'moderation-log', label: 'moderationLog' },
  ])

  /** Does something in the room. A refusal is shown. */
  async function attempt(does: () => Promise<unknown>) {
    problem.value = undefined
    try {
      await does()
    } catch (error) {
      problem.value = error instanceof HttpRefusal ? error.code : 'internal'
    }
  }

  return {
    reports,
    log,
    problem,
    dialog,
    tabs,
    moreReports: () => attempt(reports.more),
    moreLog: () => attempt(log.more),

    open: () => {
      reports.clear()
      log.clear()
      dialog.open()
      void attempt(() => Promise.all([reports.load(), log.load()]))
    },

    jump: (seq: number) => {
      dialog.close()
      onJump(seq)
    },

    /** @param how `delete`: the message goes, and with it the reason of the report */
    settle: ({ id, seq }: Report, how: 'delete' | 'settled' | 'dismissed') =>
      attempt(async () => {
        if (how === 'delete') onDelete(seq)
        const state = how === 'dismissed' ? how : 'settled'
        await inRoom((token, roomId) => moderationApi.settle(token, roomId, id, state))
        reports.items.value = reports.items.value.filter((report) => report.id !== id)
      }),
  }
}
