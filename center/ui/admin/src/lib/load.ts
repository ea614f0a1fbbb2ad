import { onScopeDispose, ref, type Ref, shallowRef } from 'vue'

import { useSession } from '../features/session/store.ts'
import { type Failure, failureOf } from './failure.ts'

export interface Loaded<T> {
  /** What was read last; stays while it is read again, or cannot be. */
  data: Readonly<Ref<T | null>>
  failure: Readonly<Ref<Failure | null>>
  busy: Readonly<Ref<boolean>>
  load: () => Promise<void>
}

/** Something read from the center: only the newest reading counts, older ones are aborted. */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const session = useSession()
  const data = shallowRef<T | null>(null)
  const failure = ref<Failure | null>(null)
  const busy = ref(false)
  let current = new AbortController()

  async function load(): Promise<void> {
    current.abort()
    const mine = (current = new AbortController())
    busy.value = true
    try {
      data.value = await read(mine.signal)
      failure.value = null
    } catch (error) {
      if (mine.signal.aborted) return
      failure.value = failureOf(error)
      if (failure.value === 'unauthenticated') session.leave(true)
    } finally {
      if (!mine.signal.aborted) busy.value = false
    }
  }

  onScopeDispose(() => current.abort())
  return { data, failure, busy, load }
}
