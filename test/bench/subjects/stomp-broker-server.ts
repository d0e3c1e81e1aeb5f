// stomp-broker-js, the STOMP broker of npm that still runs: in memory, open to everybody.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error: it has no types.
import StompServer from 'stomp-broker-js'

const http = createServer()
new StompServer({
  server: http,
  path: '/stomp',
  protocol: 'ws',
  heartbeat: [0, 0],
  debug: () => {},
})

http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit())
