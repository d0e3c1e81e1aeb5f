// Debian's Chromium: one for all test files of a process, or one with flags of its own. Its headless
// shell is the same browser without windows, and takes half as long, so it is preferred.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const SHELL = '/usr/bin/chromium-headless-shell'
const BROWSER = existsSync(SHELL) ? SHELL : '/usr/bin/chromium'

export const launchBrowser = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: BROWSER, args: [...FLAGS, ...flags] })

let shared: Promise<Browser> | undefined

/** Gives the browser that all test files of a process share. It ends with the process. */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launchBrowser()
  return shared
}
