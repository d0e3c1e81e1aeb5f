// What a room notes of itself and its people in its log, beside what they say.

import type { Role } from '../permissions.ts'

/** Somebody whom a system event is about. */
export interface Subject {
  readonly id: string
  /** Undefined where the room knows the person by id alone. */
  readonly name?: string
  readonly guest?: true
}

/** What was done. The `sender` of the event is who did it. */
export type SystemNote =
  | { readonly type: 'joined'; readonly user: Subject; readonly role: Role }
  /** `kicked`: somebody else removed the person. */
  | { readonly type: 'left'; readonly user: Subject; readonly why?: 'kicked' }
  | { readonly type: 'role'; readonly user: Subject; readonly role: Role }
  /**
   * The name or the description changed, or the room was archived or opened again. Only what is
   * new.
   */
  | {
      readonly type: 'renamed'
      readonly name?: string
      readonly description?: string
      readonly archived?: boolean
    }
  /** `target`: the seq of a message. */
  | { readonly type: 'pinned'; readonly target: number }
  | { readonly type: 'unpinned'; readonly target: number }

/** Whether it draws no attention to the room. */
type Silence = { readonly silent?: true }

/** The fields that only system events have. */
export type SystemContent = SystemNote & Silence

/** Types that always have `silent`. */
const SILENT: ReadonlySet<string> = new Set<SystemNote['type']>([
  'joined',
  'left',
  'role',
  'pinned',
  'unpinned',
])

/** What the event of a note tells. */
export const contentOfNote = (note: SystemNote): SystemContent =>
  SILENT.has(note.type) ? { ...note, silent: true } : note
