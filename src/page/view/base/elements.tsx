// Small elements that every view uses. Text is always text, never markup.

import { choose, type Language, labels, language, text } from './language.ts'

/** An icon of the sprite in index.html. It is decoration, so screen readers skip it. */
export const Icon = ({ name }: { name: string }) => (
  <svg class="icon" aria-hidden="true">
    <use href={`#icon-${name}`} />
  </svg>
)

/**
 * The initial of a name on a colour. The colour follows from the id, so everybody sees the same.
 */
export function Avatar({ id, name }: { id: string; name: string }) {
  const [initial = '?'] = name.trim()
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3600
  return (
    <span class="avatar" aria-hidden="true" style={{ '--hue': String(hash / 10) }}>
      {initial.toUpperCase()}
    </span>
  )
}

/** A name, isolated from the text direction around it. */
export const Name = ({ name }: { name: string }) => <bdi class="name">{name}</bdi>

/** The marks beside a name: a guest, and a name that looks like another person's here. */
export function Marks({ guest, lookalike }: { guest?: boolean; lookalike?: boolean }) {
  return (
    <>
      {guest && <span class="tag guest">{text('guest')}</span>}
      {lookalike && (
        <span class="tag warning" role="img" {...labels('lookalikeNote')}>
          {text('lookalike')}
        </span>
      )}
    </>
  )
}

/** Why something was refused, or nothing. The place is always there, so that it is read aloud. */
export const Problem = ({ id, children }: { id?: string; children?: string | undefined }) => (
  <p class="problem" id={id} role="alert">
    {children}
  </p>
)

const LANGUAGES: Record<Language, string> = { ko: '한국어', en: 'English' }

/** One button for each language, named in that language. */
export const Languages = () => (
  <fieldset class="languages" aria-label={text('language')}>
    {Object.entries(LANGUAGES).map(([tag, name]) => (
      <button
        key={tag}
        type="button"
        lang={tag}
        aria-pressed={tag === language.value}
        onClick={() => choose(tag as Language)}
      >
        {name}
      </button>
    ))}
  </fieldset>
)

/** The logo, with sides of `size` pixels, and the name. */
export const Brand = ({ size }: { size: number }) => (
  <>
    <img src="/favicon.svg" alt="" width={size} height={size} />
    Stompbox
  </>
)
