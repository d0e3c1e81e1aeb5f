// The syntax trees of src/, by the compiler that checks it. Nothing is resolved and nothing is
// checked: that takes less than a second.

import { join, relative } from 'node:path'
import type { SourceFile } from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'

const ROOT = join(import.meta.dirname, '../..')

/** Exists for the compiler alone: one project for all of src/. */
const CONFIG = join(ROOT, 'tsconfig.source-tree.json')
const OPTIONS = { noResolve: true, noLib: true, types: [], jsx: 'preserve', noEmit: true }

/** Each file of src/ by its path below it. */
export function sourceTree(): ReadonlyMap<string, SourceFile> {
  const api = new API({
    cwd: ROOT,
    fs: {
      readFile: (file) =>
        file === CONFIG
          ? JSON.stringify({ compilerOptions: OPTIONS, include: ['src'] })
          : undefined,
      fileExists: (file) => (file === CONFIG ? true : undefined),
    },
  })
  try {
    const project = api.updateSnapshot({ openProjects: [CONFIG] }).getProject(CONFIG)
    const names = project?.program.getSourceFileNames() ?? []
    return new Map(
      names.flatMap((name) => {
        const tree = project?.program.getSourceFile(name)
        return tree ? [[relative(join(ROOT, 'src'), name), tree] as const] : []
      }),
    )
  } finally {
    api.close()
  }
}
