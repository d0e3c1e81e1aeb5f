// A modal dialog that is always in the page, and is opened and closed by its controller.

import type { ComponentChildren } from 'preact'
import { createRef } from 'preact'
import { text } from './language.ts'

type DialogControl = ReturnType<typeof createDialog>

/** Opens and closes one `Dialog`. `onClose` is also called when the reader presses Escape. */
export function createDialog(onClose: () => void = () => {}) {
  const ref = createRef<HTMLDialogElement>()

  /** What had the focus may be rendered anew for this visit. */
  function keepFocus() {
    const dialog = ref.current
    if (dialog?.open && !dialog.contains(document.activeElement)) dialog.focus()
  }

  return {
    ref,
    onClose,
    open: () => {
      if (!ref.current?.open) ref.current?.showModal()
      requestAnimationFrame(keepFocus)
    },
    close: () => ref.current?.close(),
  }
}

/** Its heading has the id `<id>-title`. */
export function Dialog({
  control,
  id,
  class: more = '',
  children,
}: {
  control: DialogControl
  id: string
  class?: string
  children: ComponentChildren
}) {
  const { ref, onClose } = control
  return (
    <dialog
      class={more === '' ? 'sheet' : `sheet ${more}`}
      id={id}
      ref={ref}
      tabIndex={-1}
      aria-labelledby={`${id}-title`}
      onClose={onClose}
    >
      {children}
    </dialog>
  )
}

/** Closes the dialog without doing anything. */
export const CancelButton = ({ control }: { control: DialogControl }) => (
  <button type="button" onClick={control.close}>
    {text('cancel')}
  </button>
)
