// @ts-check
// Finding and making elements. Text goes in as text, never as markup.

/**
 * The element of that id, which index.html promises to be of that class.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(id, kind) {
  const node = document.getElementById(id)
  if (!(node instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}`)
  return node
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className = '', ...children) {
  const node = document.createElement(tag)
  if (className !== '') node.className = className
  node.append(...children)
  return node
}

const SVG = 'http://www.w3.org/2000/svg'

/**
 * An icon of the sprite in index.html; decoration, so hidden from readers of the text.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}

/**
 * A name's initial on a colour made from the id, the same for everybody.
 * @param {{ id: string, name: string }} user
 */
export function avatar({ id, name }) {
  const [initial = '?'] = name.trim()
  const node = element('span', 'avatar', initial.toUpperCase())
  node.setAttribute('aria-hidden', 'true')
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3600
  node.style.setProperty('--hue', String(hash / 10))
  return node
}

/**
 * Somebody's name, shielded from the direction of the text around it.
 * @param {string} name
 */
export const nameOf = (name) => element('bdi', 'name', name)
