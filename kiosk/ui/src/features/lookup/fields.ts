/** What a number begins with: of a consultation, of a mediation. */
export const CONSULTATION = 'YJ'
export const MEDIATION = 'TJ'
const DATE_DIGITS = 8
const LEAST_SERIAL = 4
const MOST_SERIAL = 6
const CODE_DIGITS = 6
/** Stands where a digit is still to be typed. */
const OPEN = '_'

/** What stands on a slip, as typed on number keys: date and serial, and the code. */
export interface Fields {
  digits: string
  code: string
}

export type FieldName = keyof Fields

const LONGEST: Record<FieldName, number> = { digits: DATE_DIGITS + MOST_SERIAL, code: CODE_DIGITS }

export function typed(fields: Fields, into: FieldName, digit: string): Fields {
  return { ...fields, [into]: (fields[into] + digit).slice(0, LONGEST[into]) }
}

export function erased(fields: Fields, from: FieldName): Fields {
  return { ...fields, [from]: fields[from].slice(0, -1) }
}

/** "YJ-20261121-0007", as far as it is typed; the open places are underlined. */
export function shownNumber(digits: string, prefix = CONSULTATION): string {
  const date = digits.slice(0, DATE_DIGITS).padEnd(DATE_DIGITS, OPEN)
  const serial = digits.slice(DATE_DIGITS).padEnd(LEAST_SERIAL, OPEN)
  return `${prefix}-${date}-${serial}`
}

export function shownCode(code: string): string {
  return code.padEnd(CODE_DIGITS, OPEN)
}

export function numberComplete(digits: string): boolean {
  return digits.length >= DATE_DIGITS + LEAST_SERIAL
}

export function complete({ digits, code }: Fields): boolean {
  return numberComplete(digits) && code.length === CODE_DIGITS
}
