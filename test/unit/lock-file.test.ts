// The lock file serves every platform: `npm ci` holds on each, and `npm install` changes nothing.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Entry {
  readonly name?: string
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

const ROOT = join(import.meta.dirname, '../..')
const parsed = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
const manifest = parsed('package.json') as Entry & { readonly name: string }
const lock = parsed('package-lock.json')
const packages = lock.packages as Record<string, Entry>
const installed = Object.entries(packages).filter(([path]) => path !== '')

/**
 * The places where Node looks for a package that the package at `path` wants, the nearest first.
 */
function places(path: string, name: string): string[] {
  const nested = path.split('/node_modules/')
  const above = nested.map((_, at) => nested.slice(0, nested.length - at).join('/node_modules/'))
  return [...above.map((each) => `${each}/node_modules/${name}`), `node_modules/${name}`]
}

const missing = (kind: 'dependencies' | 'optionalDependencies') =>
  Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry[kind] ?? {})
      .filter((name) => !places(path, name).some((place) => Object.hasOwn(packages, place)))
      .map((name) => `${path} wants ${name}`),
  )

describe('the lock file', () => {
  it('has every package that another may want on some platform', () => {
    const optional = installed.flatMap(([, each]) => Object.keys(each.optionalDependencies ?? {}))
    for (const platform of ['linux', 'darwin', 'win32']) {
      expect(optional.some((name) => name.includes(platform))).toBe(true)
    }
    expect(missing('optionalDependencies')).toEqual([])
  })

  it('has every package that another needs', () => {
    expect(missing('dependencies')).toEqual([])
  })

  it('names no registry, and a checksum of every package', () => {
    const addressed = installed.filter(([, { resolved }]) => resolved !== undefined)
    expect(addressed.map(([path]) => path)).toEqual([])
    const unchecked = installed.filter(([, { link, integrity }]) => !link && !integrity)
    expect(unchecked.map(([path]) => path)).toEqual([])
  })

  it('says what package.json says', () => {
    const root = packages['']
    expect([lock.name, lock.version]).toEqual([manifest.name, manifest.version])
    for (const kind of ['version', 'dependencies', 'devDependencies'] as const) {
      expect(root?.[kind]).toEqual(manifest[kind])
    }
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies }
    for (const [name, version] of Object.entries(wanted)) {
      const entry = packages[`node_modules/${name}`]
      // Exact versions alone; of a package that stands under another name, with its own name before
      // it.
      const alias = entry?.name === undefined ? '' : `npm:${entry.name}@`
      expect([name, `${alias}${entry?.version}`]).toEqual([name, version])
    }
  })
})
