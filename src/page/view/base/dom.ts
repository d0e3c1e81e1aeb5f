// Finds and creates elements. Text is always text, never markup.

/**
 * The element with an id, checked to be of a class.
 *
 * @throws Error if index.html has none
 */
export function find<T extends Element>(id: string, kind: new () => T): T {
  const node = document.getElementById(id)
  if (!(node instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}`)
  return node
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag)
  if (className !== '') node.className = className
  node.append(...children)
  return node
}

const SVG = 'http://www.w3.org/2000/svg'

/** An icon of the sprite in index.html. It is decoration, so screen readers skip it. */
export function icon(name: string) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}

/**
 * The initial of a name on a colour. The colour follows from the id, so everybody sees the same.
 */
export function avatar({ id, name }: { id: string; name: string }) {
  const [initial = '?'] = name.trim()
  const node = element('span', 'avatar', initial.toUpperCase())
  node.setAttribute('aria-hidden', 'true')
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3600
  node.style.setProperty('--hue', String(hash / 10))
  return node
}

/** A name, isolated from the text direction around it. */
export const nameOf = (name: string) => element('bdi', 'name', name)
