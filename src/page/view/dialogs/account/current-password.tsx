// The password that somebody has, as it is asked for in dialogs.

import { Field, type FormFieldProps } from '../../base/form-fields.tsx'

/** Asks for the password, as a proof that it is them. */
export const CurrentPasswordField = (props: FormFieldProps) => (
  <Field
    {...props}
    name="password"
    label="currentPassword"
    type="password"
    autocomplete="current-password"
    maxlength={256}
    required
  />
)
