// Three projects for every change: pure code in Node, objects in workerd, the product with real clients.
// A fourth, `deep`, searches, storms, kills and measures.

import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                // The deadlines themselves are tested, so they are short.
                CONNECT_SECONDS: 1,
                FRAME_SECONDS: 1,
                // One person does the work of many in most tests.
                REQUESTS_PER_MINUTE: 6_000_000,
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
          }),
        ],
        test: { name: 'workers', include: ['test/workers/**/*.test.ts'] },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
          // Each file starts a server, some a browser: one at a time on a small machine.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'deep',
          include: ['test/deep/**/*.test.ts'],
          globalSetup: ['test/support/build.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
})
