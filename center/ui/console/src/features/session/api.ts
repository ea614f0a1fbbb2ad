import type { ErrorCode, Problem, Session } from '@jiujin/shared'

/** Why an HTTP request failed: the center's code, or `unreachable` when nothing answered. */
export class ApiError extends Error {
  constructor(readonly code: ErrorCode | 'unreachable') {
    super(code)
    this.name = 'ApiError'
  }
}

async function call(method: string, path: string, body?: object): Promise<Response> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  let response: Response
  try {
    response = await fetch(path, { method, credentials: 'same-origin', ...(body && json) })
  } catch {
    throw new ApiError('unreachable')
  }
  if (!response.ok) throw new ApiError(await problemCode(response))
  return response
}

async function problemCode(response: Response): Promise<ErrorCode | 'unreachable'> {
  try {
    return ((await response.json()) as Problem).code
  } catch {
    // A proxy in front of the center speaks for itself, not in problem+json.
    return response.status >= 500 ? 'unreachable' : 'internal'
  }
}

export async function login(username: string, password: string): Promise<Session> {
  return (await call('POST', '/api/session', { username, password })).json() as Promise<Session>
}

export async function currentSession(): Promise<Session> {
  return (await call('GET', '/api/session')).json() as Promise<Session>
}

export async function logout(): Promise<void> {
  await call('DELETE', '/api/session')
}
