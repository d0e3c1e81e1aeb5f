// A mistake in the configuration is named at the first request, whatever is asked, and in the log.

import { expect, it } from 'vitest'
import { startServer } from '../support/server.ts'

const MISTAKES: [vars: Record<string, string | number>, said: string][] = [
  [{ PAGE_MAX: 'many' }, 'Invalid configuration: PAGE_MAX: '],
  [
    { AUTH_PER_MINUTE: 60 },
    'AUTH_PER_MINUTE is a rate-limit binding of wrangler.toml, not a variable',
  ],
]

it.each(MISTAKES)('%j is named', async (vars, said) => {
  const server = await startServer(vars)
  try {
    for (const path of ['/api/health', '/api/rooms', '/chat']) {
      const answer = await fetch(server.url + path)
      expect(answer.status).toBe(500)
      expect(await answer.text()).toContain(said)
    }
    const logged = server.harness.getLogs().map(({ message }) => message)
    expect(logged.filter((line) => line.includes(said))).toHaveLength(3)
  } finally {
    await server.close()
  }
})
