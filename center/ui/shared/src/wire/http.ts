import type { ErrorCode, Problem } from '../generated/center'

/** The center's own code, or `unreachable` when nothing that speaks for it answered. */
export type HttpErrorCode = ErrorCode | 'unreachable'

export class HttpError extends Error {
  constructor(readonly code: HttpErrorCode) {
    super(code)
    this.name = 'HttpError'
  }
}

/**
 * Sends a request to the center this page came from, and reads its JSON answer.
 *
 * Rejects with an HttpError, or with the signal's reason when it was aborted.
 */
export async function askJson<Reply>(
  method: string,
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<Reply> {
  const response = await send(path, {
    method,
    credentials: 'same-origin',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new HttpError(await problemCode(response))
  return (await response.json()) as Reply
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new HttpError('unreachable')
  }
}

async function problemCode(response: Response): Promise<HttpErrorCode> {
  try {
    return ((await response.json()) as Problem).code
  } catch {
    // A proxy in front of the center speaks for itself, not in problem+json.
    return response.status >= 500 ? 'unreachable' : 'internal'
  }
}
