// The texts of the first bundle in all languages. In the built page scripts/page-texts.ts lays them
// side by side.

import { en } from './en.ts'
import { ko } from './ko.ts'

/** Each language in its code. */
export const TEXTS = { en, ko }
