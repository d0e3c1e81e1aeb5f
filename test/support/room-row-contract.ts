// What the stores in the row of a room must do, the clearings and the profile: run against those in
// memory and those in SQLite.

import { expect, it } from 'vitest'
import type { RoomProfile } from '../../src/room/membership/profile.ts'
import type { Clearing } from '../../src/room/moderation/act.ts'
import type { ClearingStore, ProfileStore } from '../../src/room/ports.ts'

/** @param withStore runs its argument with a store, and with one that is made anew of the same. */
export function clearingContract(
  withStore: (work: (store: ClearingStore, again: () => ClearingStore) => void) => Promise<void>,
): void {
  const clearing = (personId: string, more: Partial<Clearing> = {}): Clearing => ({
    ...{ personId, by: { id: 'mod', name: '한"\0' }, before: 7, left: 500, ...more },
  })

  it('[H1] gives what was set last, in its order', () =>
    withStore((store, again) => {
      const both = () => {
        const [here, anew] = [store.all(), again().all()]
        expect(anew).toEqual(here)
        return here
      }
      expect(both()).toEqual([])
      const all = [clearing('__proto__'), clearing('ann', { since: 9, left: 2 ** 53 - 1 })]
      store.set(all)
      expect(both()).toEqual(all)
      store.set([clearing('ann', { before: 2, left: 1 })])
      expect(both()).toEqual([clearing('ann', { before: 2, left: 1 })])
      store.forget()
      expect(both()).toHaveLength(1)
      store.set([])
      expect(both()).toEqual([])
    }))
}

/**
 * @param withStore runs its argument with the store of a room, and with one that is made anew of
 * the same.
 */
export function profileContract(
  withStore: (work: (store: ProfileStore, again: () => ProfileStore) => void) => Promise<void>,
): void {
  it('[H1] gives the profile that was set last', () =>
    withStore((store, again) => {
      const before = store.get()
      expect(again().get()).toEqual(before)
      const after: RoomProfile = {
        ...before,
        name: '"한글',
        description: '\0',
        owner: { id: '__proto__', name: '' },
        archivedAt: 7,
        settings: {
          ...before.settings,
          ...{ write: 'owner', entry: 'accounts', history: 'joined', slowMode: 21_600 },
          words: [{ pattern: '나쁜', action: 'mask', word: true }],
          links: { action: 'report', allow: ['example.com'] },
        },
      }
      store.set(after)
      expect([store.get(), again().get()]).toEqual([after, after])
      store.set({ ...after, archivedAt: undefined, settings: before.settings })
      store.forget()
      expect(store.get()).toEqual({ ...after, archivedAt: undefined, settings: before.settings })
    }))

  it('keeps the secret of the hook until it is replaced or goes', () =>
    withStore((store, again) => {
      const secrets = () => [store.hookSecret, again().hookSecret]
      const profile = store.get()
      expect(secrets()).toEqual([undefined, undefined])
      store.set(profile, 'whsec_a')
      expect(secrets()).toEqual(['whsec_a', 'whsec_a'])
      store.set({ ...profile, name: 'Other' })
      expect(secrets()).toEqual(['whsec_a', 'whsec_a'])
      store.set(profile, 'whsec_b')
      store.forget()
      expect(secrets()).toEqual(['whsec_b', 'whsec_b'])
      store.set(profile, null)
      expect(secrets()).toEqual([undefined, undefined])
    }))
}
