// How much a test searches: a part of it in `npm test`, all of it in `npm run test:deep`.

/**
 * How many runs, people or messages, or which cases: `usual` in `npm test`, `deep` in `npm run
 * test:deep`.
 */
export const scaled = <Amount>(usual: Amount, deep: Amount): Amount =>
  process.env.DEEP ? deep : usual
