/** Lengths that the center takes for a new password, as `center.protocol.rest.Password` has them. */
const LENGTH = { min: 8, max: 128 }

export function isPassword(text: string): boolean {
  return text.length >= LENGTH.min && text.length <= LENGTH.max
}
