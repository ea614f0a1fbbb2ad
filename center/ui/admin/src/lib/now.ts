import { onScopeDispose, ref, type Ref } from 'vue'

const EVERY_MS = 5000

/** The time in milliseconds, for words such as "waits for 5 minutes". */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const handle = window.setInterval(() => (now.value = Date.now()), EVERY_MS)
  onScopeDispose(() => window.clearInterval(handle))
  return now
}
