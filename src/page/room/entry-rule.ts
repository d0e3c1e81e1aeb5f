// Who may enter a room, as a change of its settings.

import type { RoomChange } from '../api/api.ts'

export const entryRule = (accountsOnly: boolean): RoomChange => ({
  settings: { entry: accountsOnly ? 'accounts' : 'anyone' },
})
