import { FirstPicture } from '@jiujin/shared'
import { computed, type Ref, ref, watch } from 'vue'

import type { Screen } from '../generated/agent'

/** The screen to show: the talk's own comes with the lawyer's picture, and the waiting one stays until then. */
export function useScreen(wanted: Ref<Screen | null>, remote: () => MediaStream | null): Ref<Screen | null> {
  const waiting = ref(false)
  const picture = new FirstPicture((still) => (waiting.value = still))
  watch(
    wanted,
    (now, before) => {
      if (now === 'call' && before === 'wait') {
        picture.await()
        const stream = remote()
        if (stream !== null) picture.arrives(stream)
      } else picture.end()
    },
    { flush: 'sync' },
  )
  watch(remote, (stream) => stream !== null && waiting.value && picture.arrives(stream))
  return computed(() => (waiting.value && wanted.value === 'call' ? 'wait' : wanted.value))
}
