// The menu of a person on the screen.

import { useLayoutEffect } from 'preact/hooks'
import { text } from '../../base/language.ts'
import type { PersonMenuControl } from './person-menu-control.ts'

/** Opens beside the button of the person. */
export function PersonMenu({ control }: { control: PersonMenuControl }) {
  const state = control.state.value
  useLayoutEffect(control.show, [state])
  return (
    <div
      class="message-menu"
      id="person-menu"
      ref={control.ref}
      popover="auto"
      role="dialog"
      aria-label={state ? text('personMenu', state.thing.name) : undefined}
    >
      {state &&
        control.offersFor(state.thing).map(({ label, run, harmful }) => (
          <button
            key={label}
            class={harmful ? 'harmful' : ''}
            type="button"
            onClick={() => control.act(run)}
          >
            {text(label)}
          </button>
        ))}
    </div>
  )
}
