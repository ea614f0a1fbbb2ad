import { RequestError } from '@jiujin/shared'

/** Why something was not done, under `errors` in the catalogues; what is no answer of the center is noted for whoever looks. */
export function codeOf(error: unknown): string {
  if (error instanceof RequestError) return error.code
  console.error(error)
  return 'internal'
}
