import { HttpError, type HttpErrorCode } from '@jiujin/shared/wire/http'

/** Refusals that have words of their own here; the others read as `internal`. */
const NAMED = [
  'bad_credentials',
  'body_invalid',
  'conflict',
  'forbidden',
  'internal',
  'locked_out',
  'not_found',
  'too_many_requests',
  'unauthenticated',
  'unreachable',
] as const

export type Failure = (typeof NAMED)[number]

export function failureOf(error: unknown): Failure {
  if (!(error instanceof HttpError)) {
    console.error(error)
    return 'internal'
  }
  return isNamed(error.code) ? error.code : 'internal'
}

function isNamed(code: HttpErrorCode): code is Failure {
  return (NAMED as readonly string[]).includes(code)
}
