// Accessible tabs: one of them is in the tab order, and the arrow keys move between them.

export type Tabs = ReturnType<typeof createTabs>

/** @param list the `tablist`; each tab names its panel in `aria-controls` */
export function createTabs(list: HTMLElement) {
  const tabs = [...list.querySelectorAll('[role="tab"]')].filter(
    (node) => node instanceof HTMLElement,
  )
  const visible = () => tabs.filter((tab) => !tab.hidden)

  function select(chosen: HTMLElement) {
    for (const tab of tabs) {
      tab.ariaSelected = String(tab === chosen)
      tab.tabIndex = tab === chosen ? 0 : -1
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '')
      if (panel) panel.hidden = tab !== chosen
    }
  }

  list.addEventListener('click', ({ target }) => {
    const tab = tabs.find((node) => target instanceof Node && node.contains(target))
    if (tab) select(tab)
  })
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const shown = visible()
    const now = shown.findIndex((tab) => tab.ariaSelected === 'true')
    if (!step || now < 0) return
    event.preventDefault()
    const next = shown[(now + step + shown.length) % shown.length]
    if (!next) return
    select(next)
    next.focus()
  })

  return {
    select: (id: string) => {
      const tab = tabs.find((node) => node.id === id)
      if (tab) select(tab)
    },

    /** Removes a tab. If it was selected, the first remaining one is selected. */
    remove: (id: string) => {
      const tab = tabs.find((node) => node.id === id)
      if (!tab) return
      tab.hidden = true
      const [first] = visible()
      if (tab.ariaSelected === 'true' && first) select(first)
    },
  }
}
