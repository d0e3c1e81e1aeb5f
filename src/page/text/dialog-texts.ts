// The texts of the second bundle in all languages, as texts.ts has those of the first.

import { dialogs as en } from './en-dialogs.ts'
import { dialogs as ko } from './ko-dialogs.ts'

/** Each language in its code. */
export const DIALOG_TEXTS = { en, ko }
