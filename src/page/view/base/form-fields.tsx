// How a form looks: a refusal stands under its field (`#<field id>-problem`), or if it is about
// none, at the end of the form (`.form-problem`).

import type { ComponentChildren } from 'preact'
import { Icon } from './elements.tsx'
import type { FormControl } from './form.ts'
import { labels, refusalText, type TextKey, text } from './language.ts'

/** The fields are uncontrolled inputs: the controller reads them when the form is sent. */
export const Form = ({
  control,
  id,
  children,
}: {
  control: FormControl
  id: string
  children: ComponentChildren
}) => (
  <form
    id={id}
    ref={control.ref}
    method="post"
    noValidate
    aria-busy={control.busy.value}
    onInput={control.onInput}
    onSubmit={control.onSubmit}
  >
    {children}
  </form>
)

type FieldProps = {
  form: FormControl
  id: string
  name: string
  label: TextKey
  hint?: TextKey
  type: 'text' | 'password'
  autocomplete: string
  maxlength: number
  required?: boolean
  placeholder?: string
}

/** An input with its label, its hint and the place of its problem. A password can be revealed. */
export function Field({ form, id, name, label, hint, ...input }: FieldProps) {
  const code = form.problems.value[name]
  const isUsername = input.autocomplete === 'username'
  const field = (
    <input
      {...input}
      id={id}
      name={name}
      // The type of an input decides which other attributes its type allows.
      type={(form.revealed.value.has(name) ? 'text' : input.type) as 'text'}
      {...(isUsername ? { autocapitalize: 'none', spellcheck: false } : {})}
      aria-invalid={code === undefined ? undefined : 'true'}
      aria-describedby={hint ? `${id}-problem ${id}-hint` : `${id}-problem`}
    />
  )
  return (
    <div class="field">
      <label for={id}>{text(label)}</label>
      {input.type === 'password' ? (
        <div class="secret">
          {field}
          <RevealButton form={form} name={name} />
        </div>
      ) : (
        field
      )}
      <p class="problem" id={`${id}-problem`} role="alert">
        {code === undefined ? '' : refusalText(code)}
      </p>
      {hint && (
        <p class="detail" id={`${id}-hint`}>
          {text(hint)}
        </p>
      )}
    </div>
  )
}

/** What a field of a form wants that is named already. */
export type FormFieldProps = Pick<FieldProps, 'form' | 'id'>

/** The user name of an account, to sign in with or, with its hint, to choose. */
export const UsernameField = (props: FormFieldProps & Pick<FieldProps, 'hint'>) => (
  <Field
    {...props}
    name="username"
    label="username"
    type="text"
    autocomplete="username"
    maxlength={64}
    required
  />
)

/** A password that is to be: the only one of its form, or the new one beside the old. */
export const NewPasswordField = ({
  name,
  ...props
}: FormFieldProps & { name: 'password' | 'newPassword' }) => (
  <Field
    {...props}
    name={name}
    label={name}
    hint="passwordHint"
    type="password"
    autocomplete="new-password"
    maxlength={256}
    required
  />
)

function RevealButton({ form, name }: { form: FormControl; name: string }) {
  const shown = form.revealed.value.has(name)
  return (
    <button
      class="quiet"
      type="button"
      aria-pressed={shown}
      onClick={() => form.reveal(name, !shown)}
      {...labels('showPassword')}
    >
      <Icon name="eye" />
    </button>
  )
}

/** The problem that is about no field. */
export function FormProblem({ form }: { form: FormControl }) {
  const problem = form.general.value
  return (
    <p class="problem form-problem" role="alert">
      {problem &&
        ('busy' in problem
          ? text('busy', problem.busy)
          : refusalText(problem.code, problem.seconds))}
    </p>
  )
}
