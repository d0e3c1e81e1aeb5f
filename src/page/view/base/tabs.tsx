// Accessible tabs: one of them is in the tab order, and the arrow keys move between them.

import { signal } from '@preact/signals'
import { type TextKey, text } from './language.ts'

/** `id` of the tab, and of its panel. */
interface Tab {
  readonly id: string
  readonly panel: string
  readonly label: TextKey
}

type TabsControl = ReturnType<typeof createTabs>

/** The first tab is selected. */
export function createTabs(tabs: readonly Tab[]) {
  const selected = signal(tabs[0]?.id ?? '')
  const offered = signal(tabs)

  function select(id: string) {
    if (offered.value.some((tab) => tab.id === id)) selected.value = id
  }

  return {
    selected,
    offered,
    select,

    /** Removes a tab. If it was selected, the first remaining one is selected. */
    remove: (id: string) => {
      offered.value = offered.value.filter((tab) => tab.id !== id)
      const [first] = offered.value
      if (selected.value === id && first) selected.value = first.id
    },

    onKeyDown: (event: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      const all = offered.value
      const now = all.findIndex((tab) => tab.id === selected.value)
      if (!step || now < 0) return
      event.preventDefault()
      const next = all[(now + step + all.length) % all.length]
      if (!next) return
      select(next.id)
      document.getElementById(next.id)?.focus()
    },
  }
}

/** The tabs alone: whoever shows the panels hides those that are not selected. */
export const Tabs = ({
  control,
  id,
  label,
}: {
  control: TabsControl
  id: string
  label: TextKey
}) => (
  <div class="tabs" id={id} role="tablist" aria-label={text(label)} onKeyDown={control.onKeyDown}>
    {control.offered.value.map((tab) => {
      const isSelected = tab.id === control.selected.value
      return (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={tab.id}
          aria-controls={tab.panel}
          aria-selected={isSelected}
          tabIndex={isSelected ? 0 : -1}
          onClick={() => control.select(tab.id)}
        >
          {text(tab.label)}
        </button>
      )
    })}
  </div>
)
