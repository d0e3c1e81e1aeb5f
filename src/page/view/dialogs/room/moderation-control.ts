// What moderators look through: the reports that wait for them, and the moderation log.

import { type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { Room } from '../../../api/api.ts'
import { type LogEntry, moderationApi, type Report } from '../../../api/moderation.ts'
import type { Identity } from '../../../identity/identity.ts'
import { createDialog } from '../../base/dialog.tsx'
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
  const reports = createPages<Report>(async (token, roomId, cursor) => {
    const { reports: items, next } = await moderationApi.reports(token, roomId, cursor)
    return { items, next }
  })
  const log = createPages<LogEntry>(async (token, roomId, cursor) => {
    const { entries: items, next } = await moderationApi.log(token, roomId, cursor)
    return { items, next }
  })
  const problem = signal<string | undefined>(undefined)
  const dialog = createDialog()
  const tabs = createTabs([
    { id: 'tab-reports', panel: 'reports', label: 'reports' },
    { id: 'tab-log', panel: 'moderation-log', label: 'moderationLog' },
  ])

  /** Does something in the room. A refusal is shown. */
  async function attempt(does: (token: string, roomId: string) => Promise<void>) {
    const { id } = room.peek() ?? {}
    if (id === undefined) return
    problem.value = undefined
    try {
      await identity.authorized((token) => does(token, id))
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
      void attempt(async (token, roomId) => {
        await reports.more(token, roomId)
        await log.more(token, roomId)
      })
    },

    jump: (seq: number) => {
      dialog.close()
      onJump(seq)
    },

    /** @param how `delete`: the message goes, and with it the reason of the report */
    settle: ({ id, seq }: Report, how: 'delete' | 'settled' | 'dismissed') =>
      attempt(async (token, roomId) => {
        if (how === 'delete') onDelete(seq)
        await moderationApi.settle(token, roomId, id, how === 'dismissed' ? how : 'settled')
        reports.items.value = reports.items.value.filter((report) => report.id !== id)
      }),
  }
}

type Load<T> = (
  token: string,
  roomId: string,
  cursor: string | undefined,
) => Promise<{ items: T[]; next: string | null }>

/** A list that is loaded page by page. `next`: undefined before the first, null after the last. */
function createPages<T>(load: Load<T>) {
  const items = signal<readonly T[]>([])
  const next = signal<string | null | undefined>(undefined)
  return {
    items,
    next,

    clear: () => {
      items.value = []
      next.value = undefined
    },

    more: async (token: string, roomId: string) => {
      const page = await load(token, roomId, next.peek() ?? undefined)
      items.value = [...items.peek(), ...page.items]
      next.value = page.next
    },
  }
}
