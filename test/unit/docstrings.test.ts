// Every exported name of src/ has a docstring, and it names the codes that the call refuses with.

import {
  isCallExpression,
  isClassDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isNewExpression,
  isPrivateIdentifier,
  isPropertyAccessExpression,
  isStringLiteral,
  isThrowStatement,
  isTryStatement,
  isTypeAliasDeclaration,
  isVariableStatement,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { describe, expect, it } from 'vitest'
import { REFUSALS } from '../../src/refusals.ts'
import { sourceTree } from '../support/source-tree.ts'

/** Something that may be called, or holds what may be. */
interface Declared {
  readonly name: string
  readonly isExported: boolean
  readonly doc: string
  readonly node: Node
}

const hasModifier = (node: Node, kind: SyntaxKind): boolean =>
  (node as { modifiers?: readonly Node[] }).modifiers?.some((each) => each.kind === kind) === true

const docOf = (node: Node): string => (node.jsDoc ?? []).map((each) => each.getText()).join('\n')

/** What a statement declares; of a class its members, too, whose names begin with a dot. */
function declaredBy(statement: Node): Declared[] {
  const isExported = hasModifier(statement, SyntaxKind.ExportKeyword)
  const doc = docOf(statement)
  if (isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((node) => {
      return { name: node.name.getText(), isExported, doc, node }
    })
  }
  if (
    isFunctionDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement)
  ) {
    return [{ name: statement.name?.getText() ?? '', isExported, doc, node: statement }]
  }
  if (!isClassDeclaration(statement)) return []
  const members = statement.members.flatMap((node): Declared[] => {
    const { name } = node as { name?: Node }
    if (!name) return []
    const isPublic = isExported && !isPrivateIdentifier(name)
    return [{ name: `.${name.getText()}`, isExported: isPublic, doc: docOf(node), node }]
  })
  const whole = { name: statement.name?.getText() ?? '', isExported, doc, node: statement }
  return [whole, ...members]
}

const declaredIn = (tree: SourceFile): Declared[] => tree.statements.flatMap(declaredBy)

/** What stands in backticks behind `@throws`: codes, and functions that throw the same. */
function namesAfterThrows({ doc }: Declared): string[] {
  const [, ...rest] = doc.split(/@?\bthrows\b/)
  return [...rest.join(' ').matchAll(/`([\w.-]+)`/g)].map(([, name = '']) => name)
}

/** What code throws itself, and which helpers it calls; what it catches is left out. */
function facts(node: Node, codes: Set<string>, calls: Set<string>): void {
  if (isThrowStatement(node)) collectCodes(node, codes)
  if (isCallExpression(node)) {
    const { expression } = node
    if (isIdentifier(expression)) calls.add(expression.getText())
    if (isPropertyAccessExpression(expression)) calls.add(`.${expression.name.getText()}`)
  }
  if (isTryStatement(node) && node.catchClause) {
    facts(node.catchClause, codes, calls)
    return
  }
  node.forEachChild((child) => facts(child, codes, calls))
}

/** The codes in `throw new Refusal('code')`, whichever class it is. */
function collectCodes(node: Node, codes: Set<string>): void {
  if (isNewExpression(node)) {
    const [code] = node.arguments ?? []
    if (code && isStringLiteral(code) && Object.hasOwn(REFUSALS, code.text)) codes.add(code.text)
  }
  node.forEachChild((child) => collectCodes(child, codes))
}

/** What a declaration throws, with what the helpers of its own file throw that nobody imports. */
function thrownBy(declared: Declared, helpers: readonly Declared[]): Set<string> {
  const [codes, seen, left] = [new Set<string>(), new Set<Declared>(), [declared]]
  for (let next = left.pop(); next; next = left.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const calls = new Set<string>()
    facts(next.node, codes, calls)
    left.push(...helpers.filter(({ name, isExported }) => !isExported && calls.has(name)))
  }
  return codes
}

describe('the exported names of src/', () => {
  const trees = sourceTree()
  const declared = new Map([...trees].map(([file, tree]) => [file, declaredIn(tree)]))

  it('have a docstring each', () => {
    const bare = [...declared].flatMap(([file, all]) =>
      all
        .filter(({ node }) => !isNamedResult(node))
        .filter(({ name, isExported }) => isExported && !name.startsWith('.'))
        // A function that is overloaded says it once.
        .filter(({ name, node }) => !all.some((each) => isSame(each, name, node) && each.doc))
        .map(({ name }) => `${file}: ${name}`),
    )
    expect(declared.size).toBeGreaterThan(300)
    expect(bare).toEqual([])
  })

  it('say with which codes they refuse', () => {
    const named = new Map<string, string[]>()
    for (const each of [...declared.values()].flat()) {
      const name = each.name.replace(/^\./, '')
      named.set(name, [...(named.get(name) ?? []), ...namesAfterThrows(each)])
    }
    const silent = [...declared].flatMap(([file, all]) =>
      all
        .filter(({ isExported, node }) => isExported && !isClassDeclaration(node))
        .filter(({ doc }) => !/\bNever throws\b/.test(doc))
        .flatMap((each) => {
          const told = namesAfterThrows(each)
          const known = new Set([...told, ...told.flatMap((name) => named.get(name) ?? [])])
          const missing = [...thrownBy(each, all)].filter((code) => !known.has(code))
          return missing.length > 0 ? [`${file}: ${each.name}: ${missing.join(', ')}`] : []
        }),
    )
    expect(silent).toEqual([])
  })
})

/** `ReturnType<typeof f>`: the docstring of the function says it. */
const isNamedResult = (node: Node) =>
  isTypeAliasDeclaration(node) && /^ReturnType<typeof \w+>$/.test(node.type.getText())

const isSame = (one: Declared, name: string, node: Node) =>
  one.name === name && one.node.kind === node.kind
