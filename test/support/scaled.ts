// How much a test searches: a part of it in `npm test`, all of it in `npm run test:deep`.

/** A count of runs, people or messages: `usual` in `npm test`, `deep` in `npm run test:deep`. */
export const scaled = (usual: number, deep: number): number => (process.env.DEEP ? deep : usual)
