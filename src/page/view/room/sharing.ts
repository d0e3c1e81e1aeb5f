// A room's link: shown, copied, or handed to the device's own share sheet. The room stands in the
// fragment, which no server ever sees.

import { find } from '../base/dom.ts'
import { say } from '../base/language.ts'

const COPIED_MS = 2500

export const linkOf = (roomId: string) =>
  new URL(`/#room=${encodeURIComponent(roomId)}`, location.href).href

/** The room a location points to, '' for none. */
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
      // The clipboard can be refused, and a page over http has none: then the selected text is one
      // keystroke away.
      field.select()
      if (!document.execCommand('copy')) return
    }
    say(copy, 'copied')
    setTimeout(() => say(copy, 'copyLink'), COPIED_MS)
  })
  device.hidden = typeof navigator.share !== 'function'
  device.addEventListener('click', () => {
    // Closing the share sheet is a rejection, too.
    navigator.share({ title, url: field.value }).catch(() => {})
  })

  return {
    /** Nobody is invited where nobody can come in. */
    offer: (room: { id: string; name: string } | undefined) => {
      for (const opener of openers) opener.toggleAttribute('hidden', room === undefined)
      if (!room) return sheet.hidePopover()
      title = room.name
      field.value = linkOf(room.id)
    },
  }
}
