// curl, as a backend's scripts call it: what it prints, and how it ends.

import { execFile, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Inbox } from './inbox.ts'

/** What is always said: no progress, HTTP/1.1, and no proxy of this machine. */
const ALWAYS = ['--silent', '--show-error', '--http1.1', '--noproxy', '*', '--max-time', '30']

export const CURL_MISSING = missing()

function missing(): string | undefined {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'curl is not installed'
  }
}

/** Runs curl to its end; gives what it printed, and the status of the answer. */
export async function curl(...words: string[]): Promise<{ status: number; text: string }> {
  const { stdout } = await promisify(execFile)('curl', [
    ...ALWAYS,
    ...['--write-out', '\n%{http_code}'],
    ...words,
  ])
  const end = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) }
}

/** Starts curl with an answer that has no end: the lines that it prints, as they come. */
export function curlOpen(...words: string[]): { lines: Inbox<string>; end(): void } {
  const child = spawn('curl', [...ALWAYS, '--include', '--no-buffer', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = new Inbox<string>()
  createInterface(child.stdout).on('line', (line) => lines.add(line))
  child.on('close', (code) => lines.end(`exited ${code}`))
  return { lines, end: () => void child.kill() }
}
