import { ref } from 'vue'

import { useSession } from '../features/session/store.ts'
import { type Failure, failureOf } from './failure.ts'

/** One thing asked of the center at a time: whether it runs, and why the last one failed. */
export function useAction() {
  const session = useSession()
  const busy = ref(false)
  const failure = ref<Failure | null>(null)

  /** Whether it worked. */
  async function run(ask: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    failure.value = null
    try {
      await ask()
    } catch (error) {
      failure.value = failureOf(error)
      if (failure.value === 'unauthenticated') session.leave(true)
    } finally {
      busy.value = false
    }
    return failure.value === null
  }

  const forget = () => (failure.value = null)
  return { busy, failure, run, forget }
}
