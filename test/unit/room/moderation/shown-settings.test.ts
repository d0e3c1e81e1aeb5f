import { expect, it } from 'vitest'
import { shownSettings } from '../../../../src/room/membership/profile.ts'
import { ROLES, rank } from '../../../../src/room/permissions.ts'
import { roomSettingsOf } from '../../../../src/room-settings.ts'

it.each(ROLES)(
  '[M1] a %s sees rules of words and links, and the hook, if they may set them',
  (role) => {
    const settings = roomSettingsOf('public', { words: [{ pattern: 'x', action: 'mask' }] })
    const shown = shownSettings(settings, role)
    const { words, links, hook, ...others } = settings
    const rules = rank(role) >= rank('moderator') ? { words, links } : {}
    expect(shown).toEqual({ ...others, ...rules, ...(role === 'owner' && { hook }) })
  },
)
