// The rule of many mobile clients' parsers: a WebSocket message is one frame, with its NUL at the
// end. What is behind the NUL is lost to most of them and the end of the connection to others: here
// it fails the test.

export interface Read {
  readonly command: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Reads the one frame of a message as they do: lines, a colon in each, no escapes. */
export function readOneFrame(message: string): Read {
  const end = message.indexOf('\n\n')
  if (end === -1 || !message.endsWith('\0')) throw new Error(`no whole frame: ${message}`)
  const body = message.slice(end + 2, -1)
  if (body.includes('\0')) throw new Error(`more than one frame: ${message}`)
  const [command = '', ...lines] = message.slice(0, end).split('\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [name = '', value] = line.split(/:(.*)/s)
    if (value === undefined) throw new Error(`a header without a colon: ${line}`)
    headers[name] ??= value
  }
  return { command, headers, body }
}
