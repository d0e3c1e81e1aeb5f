// A room's link: shown, copied, or passed to the device's share sheet. The room's id is in the
// fragment, which no server ever gets.

import { find } from '../base/dom.ts'
import { setText } from '../base/language.ts'

const COPIED_MS = 2500

export const linkOf = (roomId: string) =>
  new URL(`/#room=${encodeURIComponent(roomId)}`, location.href).href

/** The id of the room in the address, or ''. */
export function roomInLocation() {
  return new URLSearchParams(location.hash.slice(1)).get('room') ?? ''
}

export function createSharing() {
  const field = find('room-link', HTMLInputElement)
  const copy = find('copy-link', HTMLButtonElement)
  const device = find('share-via', HTMLButtonElement)
  const sheet = find('sharing', HTMLElement)
  const openers = document.querySelectorAll('.room-head [popovertarget="sharing"]')
  let title = ''

  field.addEventListener('focus', () => field.select())
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(field.value)
    } catch {
      // The browser may refuse the clipboard, and a page over http has none. Then select the text,
      // so that it can be copied by key.
      field.select()
      if (!document.execCommand('copy')) return
    }
    setText(copy, 'copied')
    setTimeout(() => setText(copy, 'copyLink'), COPIED_MS)
  })
  device.hidden = typeof navigator.share !== 'function'
  device.addEventListener('click', () => {
    // Closing the share sheet rejects, too.
    navigator.share({ title, url: field.value }).catch(() => {})
  })

  return {
    /** No invitation to a room that nobody can enter. */
    offer: (room: { id: string; name: string } | undefined) => {
      for (const opener of openers) opener.toggleAttribute('hidden', room === undefined)
      if (!room) return sheet.hidePopover()
      title = room.name
      field.value = linkOf(room.id)
    },
  }
}
