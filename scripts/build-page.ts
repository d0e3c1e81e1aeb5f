// Builds the demo page into dist/public: its scripts and one style sheet whose names hold a hash of
// what is in them, index.html which names them, and the files of public/ as they are. Wrangler runs
// it. The scripts are what the page is from its start, the dialogs that are loaded when one of them
// is opened, and the chunk of what both need.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { pageTexts } from './page-texts.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'src/page')
const STATIC = join(ROOT, 'public')
const OUT = join(ROOT, 'dist/public')
/** In development the code stays readable, and a map leads to the source. */
const dev = process.env.WRANGLER_COMMAND === 'dev'

const bundled = await build({
  entryPoints: ['app.tsx', 'view/dialogs/dialogs.tsx', 'style/page.css'].map((file) =>
    join(PAGE, file),
  ),
  bundle: true,
  splitting: true,
  format: 'esm',
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  target: ['es2022', 'chrome120', 'firefox120', 'safari17'],
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  plugins: dev ? [] : [pageTexts],
  outdir: join(OUT, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  write: false,
})

/** Everything that is served, by its path. */
const files = new Map<string, Uint8Array>()
for (const { path, contents } of bundled.outputFiles) files.set(relative(OUT, path), contents)
for (const path of filesIn(STATIC)) files.set(path, readFileSync(join(STATIC, path)))
files.set('index.html', Buffer.from(indexHtml()))

// Only what changed is written: wrangler reloads the page for each file it sees change.
for (const [path, contents] of files) {
  const target = join(OUT, path)
  if (existsSync(target) && readFileSync(target).equals(contents)) continue
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, contents)
}
const stale = filesIn(join(OUT, 'assets')).filter((name) => !files.has(join('assets', name)))
for (const name of stale) rmSync(join(OUT, 'assets', name))

/** index.html with the names of the built files, without its comments and indents. */
function indexHtml(): string {
  return readFileSync(join(PAGE, 'index.html'), 'utf8')
    .replace(/"\/(app|chunk|dialogs|page)(\.js|\.css)"/g, (_, entry, extension) => {
      return `"/assets/${nameOf(entry, extension)}"`
    })
    .replace(/<!--.*?-->/gs, '')
    .replace(/\n\s+/g, '\n')
}

function nameOf(entry: string, extension: string): string {
  const paths = [...files.keys()].filter(
    (file) => basename(file).startsWith(`${entry}-`) && file.endsWith(extension),
  )
  const [path] = paths
  if (path === undefined || paths.length > 1) {
    throw new Error(`esbuild wrote ${paths.length} of ${entry}${extension}`)
  }
  return basename(path)
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}
