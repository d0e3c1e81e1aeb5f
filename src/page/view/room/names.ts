// The names that the people of the open room go by, as far as they were seen.

import { signal } from '@preact/signals'

/** A book of names. Whoever asked for one renders again when it changes. */
export function createNames() {
  const names = signal<ReadonlyMap<string, string>>(new Map())
  return {
    of: (userId: string): string | undefined => names.value.get(userId),

    learn: (people: readonly { id: string; name: string }[]) => {
      const known = names.peek()
      const news = people.filter(({ id, name }) => name !== '' && known.get(id) !== name)
      if (news.length === 0) return
      names.value = new Map([...known, ...news.map(({ id, name }) => [id, name] as const)])
    },

    /** Another room. */
    forget: () => {
      names.value = new Map()
    },
  }
}

/** What `createNames` returns. */
export type Names = ReturnType<typeof createNames>
