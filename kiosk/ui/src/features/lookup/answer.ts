import type { Lookup } from '../../generated/agent'

/** Whether a written answer is there, or will come; what was said in a talk is answered by the talk. */
export function writtenAnswer({ answer, state }: Pick<Lookup, 'answer' | 'state'>): 'given' | 'promised' | null {
  if (answer) return 'given'
  return state === 'message' ? 'promised' : null
}
