// Three projects for every change: pure code in Node, objects in workerd, the product with real clients.
// A fourth, `deep`, searches, storms, kills and measures.

import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** The objects in workerd, under variables of a test. */
const inWorkerd = () =>
  cloudflareTest({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: {
        // The deadlines themselves are tested, so they are short.
        CONNECT_SECONDS: 1,
        FRAME_SECONDS: 1,
        // One person does the work of many in most tests.
        REQUESTS_PER_MINUTE: 6_000_000,
        // How long a "no" takes has a test of its own.
        UNKNOWN_ROOM_MS: 0,
        ADMINS: 'root',
        QUEUE_CONSUMERS: 'writer',
        TRUSTED_ISSUERS: JSON.stringify([
          {
            name: 'shop',
            issuer: 'https://shop.example',
            audience: 'chat',
            secret: 'SHOP',
          },
        ]),
        SHOP: 'a secret of the shop, of 32 octets',
      },
    },
  })

/** A test that takes so long hangs, however slow the machine is. Milliseconds. */
const HANGS = 30_000

/** The runtime asks nobody for the place where it runs. */
const OFFLINE = { CLOUDFLARE_CF_FETCH_ENABLED: 'false' }

const UNIT = ['test/unit/**/*.test.ts']
/** End-to-end tests that do more of the same in `test:deep`. */
const SCALED = [
  'test/e2e/identity-revocation.test.ts',
  'test/e2e/clients-*.test.ts',
  'test/e2e/page-{changes,lobby,mentions,notices,rooms,rules,screens,sessions,typing}.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: UNIT,
          testTimeout: HANGS,
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: 'workers',
          include: ['test/workers/**/*.test.ts'],
          testTimeout: HANGS,
          hookTimeout: HANGS,
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          env: OFFLINE,
          globalSetup: ['test/support/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
          // Files share what is slow to start: a server, a browser, and the modules behind both.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'deep',
          // The unit tests and some others too, at their full size.
          include: ['test/deep/*.test.ts', ...UNIT, ...SCALED],
          env: { ...OFFLINE, DEEP: '1' },
          globalSetup: ['test/support/build.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
          // One at a time: they use the whole machine, and some measure it.
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        plugins: [inWorkerd()],
        test: {
          name: 'deep-workers',
          include: ['test/deep/workers/*.test.ts'],
          testTimeout: 120_000,
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
