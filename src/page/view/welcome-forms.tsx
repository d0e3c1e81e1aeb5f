// The three forms of the welcome page.

import type { FormControl } from './base/form.ts'
import { Field, Form, FormProblem, NewPasswordField, UsernameField } from './base/form-fields.tsx'
import { type TextKey, text } from './base/language.ts'

/** A name is enough. */
export const GuestForm = ({ form }: { form: FormControl }) => (
  <Form id="guest-form" control={form}>
    <Field
      form={form}
      id="guest-name"
      name="name"
      label="yourName"
      type="text"
      autocomplete="nickname"
      maxlength={40}
      placeholder={text('namePlaceholder')}
      required
    />
    <FormProblem form={form} />
    <Submit label="enter" />
    <p class="detail">{text('guestNote')}</p>
  </Form>
)

/** A user name and its password. */
export const LoginForm = ({ form }: { form: FormControl }) => (
  <Form id="login-form" control={form}>
    <UsernameField form={form} id="login-username" />
    <Field
      form={form}
      id="login-password"
      name="password"
      label="password"
      type="password"
      autocomplete="current-password"
      maxlength={256}
      required
    />
    <FormProblem form={form} />
    <Submit label="signIn" />
  </Form>
)

/** Without a display name people see the user name. */
export const RegisterForm = ({ form }: { form: FormControl }) => (
  <Form id="register-form" control={form}>
    <UsernameField form={form} id="register-username" hint="usernameHint" />
    <NewPasswordField form={form} id="register-password" name="password" />
    <Field
      form={form}
      id="register-name"
      name="name"
      label="displayName"
      type="text"
      autocomplete="nickname"
      maxlength={40}
      placeholder={text('namePlaceholder')}
    />
    <FormProblem form={form} />
    <Submit label="createAccount" />
  </Form>
)

const Submit = ({ label }: { label: TextKey }) => (
  <button class="primary" type="submit">
    {text(label)}
  </button>
)
