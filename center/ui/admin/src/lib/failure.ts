import { failureIn } from '@jiujin/shared/wire/failure'

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

export const failureOf: (error: unknown) => Failure = failureIn(NAMED)
