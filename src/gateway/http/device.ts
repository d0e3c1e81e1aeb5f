// What a session is shown as in the list of sessions: the browser and its system.

import Bowser from 'bowser'

/** Characters; what is longer in a User-Agent is not read. */
const MAX_READ = 512
const MAX_DEVICE = 80
const UNKNOWN = 'Unknown device'

/** Such as "Firefox on Linux"; "Unknown device" for what is no browser. */
export function deviceOf(userAgent: string | undefined): string {
  // Bowser throws on nothing.
  if (!userAgent) return UNKNOWN
  const { browser, os } = Bowser.parse(userAgent.slice(0, MAX_READ))
  const named = [browser.name, os.name].filter(Boolean).join(' on ')
  return cleaned(named) || UNKNOWN
}

/** Bowser may copy a name from the header, so only visible characters are kept. */
const cleaned = (text: string) =>
  text
    .slice(0, MAX_DEVICE)
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
    .trim()
