// A list that comes in pages. The answer to an earlier question is ignored.

import { batch, signal } from '@preact/signals'

/** `next`: the cursor of the next page, or null after the last. */
export interface PageOf<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/**
 * A list of which nothing is loaded yet.
 *
 * @param ask asks for the page at a cursor, or for the first
 */
export function createPages<T>(ask: (cursor: string | undefined) => Promise<PageOf<T>>) {
  const items = signal<readonly T[]>([])
  /** Undefined before the first page. */
  const next = signal<string | null | undefined>(undefined)
  let asked = 0

  /** Undefined: another question was asked meanwhile. */
  async function load(cursor: string | undefined): Promise<readonly T[] | undefined> {
    const question = ++asked
    try {
      const page = await ask(cursor)
      if (question !== asked) return undefined
      batch(() => {
        items.value = cursor === undefined ? page.items : [...items.peek(), ...page.items]
        next.value = page.next
      })
      return page.items
    } catch (error) {
      if (question === asked) throw error
      return undefined
    }
  }

  return {
    items,
    next,

    /**
     * Loads the first page, in the place of what is shown.
     *
     * @throws HttpRefusal
     */
    load: () => load(undefined),

    /**
     * Loads the next page, below what is shown.
     *
     * @throws HttpRefusal
     */
    more: () => load(next.peek() ?? undefined),

    /** Shows nothing, whatever is still on its way. */
    clear: () => {
      asked += 1
      batch(() => {
        items.value = []
        next.value = undefined
      })
    },
  }
}
