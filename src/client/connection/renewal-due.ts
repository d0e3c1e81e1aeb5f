// When a token is renewed: at two thirds of its life, so a failed renewal can be tried again.

/** When a token is to be renewed, in the unit of the two times. */
export const renewalDue = (from: number, until: number): number => from + ((until - from) * 2) / 3
