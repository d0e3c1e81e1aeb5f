// User names that nobody may register: they would speak for the service, or name something else.
// The mailboxes are those of RFC 2142. Accounts that have such a name already keep it.

const RESERVED = `
  admin administrator admins root superuser sysadmin sysop system operator owner moderator mod mods staff team
  stompbox official service server bot bots robot daemon
  support help helpdesk info contact billing sales marketing
  abuse noc security hostmaster postmaster webmaster usenet news uucp ftp www mail mailer-daemon noreply no-reply
  everyone everybody all here channel room rooms group guest guests anonymous anyone nobody somebody someone
  user username account accounts me you self myself member members unknown
  null nil none undefined nan true false void object constructor prototype
  api app auth login logout signin signout signup register password settings
`

/**
 * What a user name looks like: without its separators, and with one letter for those that are taken
 * for each other (as the skeletons of UTS 39, section 4, for the letters that a user name may
 * have).
 */
const skeleton = (key: string) =>
  key
    .replace(/[._-]/g, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[0134578l]/g, (sign) => ALIKE[sign] ?? sign)

const ALIKE: Readonly<Record<string, string>> = {
  ...{ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', l: 'i' },
}

const SKELETONS: ReadonlySet<string> = new Set(RESERVED.trim().split(/\s+/).map(skeleton))

/** Whether a user name, in the spelling that counts, is reserved or looks as if it were. */
export const isReservedName = (key: string): boolean => SKELETONS.has(skeleton(key))
