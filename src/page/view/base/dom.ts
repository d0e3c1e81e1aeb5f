// Finding and making elements. Text goes in as text, never as markup.

/** The element of that id, which index.html promises to be of that class. */
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

/** An icon of the sprite in index.html; decoration, so hidden from readers of the text. */
export function icon(name: string) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}

/** A name's initial on a colour made from the id, the same for everybody. */
export function avatar({ id, name }: { id: string; name: string }) {
  const [initial = '?'] = name.trim()
  const node = element('span', 'avatar', initial.toUpperCase())
  node.setAttribute('aria-hidden', 'true')
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3600
  node.style.setProperty('--hue', String(hash / 10))
  return node
}

/** Somebody's name, shielded from the direction of the text around it. */
export const nameOf = (name: string) => element('bdi', 'name', name)
