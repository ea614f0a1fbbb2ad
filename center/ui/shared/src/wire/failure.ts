import { HttpError, type HttpErrorCode } from './http.ts'

/** Turns what a request threw into one of the codes a page has words for; any other is `internal`. */
export function failureIn<Code extends HttpErrorCode>(named: readonly Code[]): (error: unknown) => Code | 'internal' {
  return (error) => {
    if (error instanceof HttpError) return named.find((code) => code === error.code) ?? 'internal'
    console.error(error)
    return 'internal'
  }
}
