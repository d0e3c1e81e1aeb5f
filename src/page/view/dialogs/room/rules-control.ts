// The rules of words and links of the open room, as a form: rows of words, and one rule for links.

import { computed, signal } from '@preact/signals'
import { createRef } from 'preact'
import type { LinkRule, RuleAction, WordRule } from '../../../api/api.ts'
import { rightsIn } from '../../../room/rights.ts'
import { createDialog } from '../../base/dialog.tsx'
import { type ChangeNeeds, createChange } from './room-change.ts'
import { said } from './room-creation.tsx'

/** A row of the form. Its fields begin with the rule. */
export interface RuleRow {
  readonly key: number
  readonly rule: WordRule
}

/** What the dialog of rules shows and does. */
export type RulesControl = ReturnType<typeof createRules>

/** Sends all rules of words or all of links, if they are others than before. */
export function createRules(needs: ChangeNeeds) {
  const { room } = needs
  const change = createChange(needs)
  const form = createRef<HTMLFormElement>()
  const rows = signal<readonly RuleRow[]>([])
  const links = signal<LinkRule | null>(null)
  /** The keys of the rows that were sent, in the order of their rules. */
  const sent = signal<readonly number[]>([])
  /** Counts the visits of the dialog: each begins with what the room is then. */
  const visit = signal(0)
  const dialog = createDialog()
  let keys = 0

  const rowOf = (rule: WordRule): RuleRow => {
    keys += 1
    return { key: keys, rule }
  }

  function wordsIn(given: FormData): { words: WordRule[]; from: number[] } {
    const filled = rows.peek().filter(({ key }) => said(given, `pattern-${key}`) !== '')
    return {
      words: filled.map(({ key }) => ({
        // A space at the edge of a pattern is part of it.
        pattern: String(given.get(`pattern-${key}`)),
        action: String(given.get(`action-${key}`)) as RuleAction,
        ...(given.has(`word-${key}`) && { word: true }),
      })),
      from: filled.map(({ key }) => key),
    }
  }

  return {
    room,
    form,
    rows,
    links,
    visit,
    dialog,
    problem: change.problem,
    busy: change.busy,
    mayChange: computed(
      () => rightsIn(room.value).may('keepOrder') && room.value?.settings?.words !== undefined,
    ),

    /** The keys of the rows whose rule was refused. */
    wrongRows: computed(
      () =>
        new Set(
          sent.value.filter((_, at) => change.faults.value.has(`settings.words.${at}.pattern`)),
        ),
    ),
    /** Whether there are too many rules of words. */
    isTooMuch: computed(() => change.faults.value.has('settings.words')),
    /** Whether a host was refused, or there are too many. */
    isWrongHost: computed(() =>
      [...change.faults.value].some((path) => path.startsWith('settings.links.allow')),
    ),

    open: () => {
      const { words = [], links: rule = null } = room.peek()?.settings ?? {}
      change.clear()
      sent.value = []
      rows.value = words.map(rowOf)
      links.value = rule
      visit.value += 1
      dialog.open()
    },

    add: () => {
      rows.value = [...rows.peek(), rowOf({ pattern: '', action: 'mask' })]
      // It is where somebody writes next, once it is rendered.
      requestAnimationFrame(() => {
        form.current?.querySelector<HTMLElement>('.rule:last-child input')?.focus()
      })
    },

    remove: (key: number) => {
      rows.value = rows.peek().filter((row) => row.key !== key)
    },

    onSubmit: async (event: Event) => {
      event.preventDefault()
      if (!form.current) return
      const { settings } = room.peek() ?? {}
      const given = new FormData(form.current)
      const { words, from } = wordsIn(given)
      const rule = linksIn(given)
      const changed = {
        ...(!isSame(words, settings?.words?.map(plain) ?? []) && { words }),
        ...(!isSame(rule, settings?.links ?? null) && { links: rule }),
      }
      if (Object.keys(changed).length === 0) return dialog.close()
      sent.value = from
      if (await change.send({ settings: changed })) return dialog.close()
      form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
    },
  }
}

function linksIn(given: FormData): LinkRule | null {
  const action = said(given, 'links')
  if (action === '') return null
  const allow = said(given, 'allow').split(/\s+/).filter(Boolean)
  return { action: action as RuleAction, allow }
}

/** A rule with its fields in one order, without what changes nothing. */
const plain = ({ pattern, action, word = false }: WordRule): WordRule => ({
  ...{ pattern, action },
  ...(word && { word }),
})

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
