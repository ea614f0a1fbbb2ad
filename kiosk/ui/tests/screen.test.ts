import { describe, expect, it } from 'vitest'
import { nextTick, ref, shallowRef } from 'vue'

import { useScreen } from '../src/app/screen'
import type { Screen } from '../src/generated/agent'

function seen(muted: boolean): MediaStream {
  const track = Object.assign(new EventTarget(), { muted })
  return { getVideoTracks: () => [track] } as unknown as MediaStream
}

describe('the screen of the talk', () => {
  it('comes with the picture of the lawyer', async () => {
    const wanted = ref<Screen | null>('wait')
    const remote = shallowRef<MediaStream | null>(null)
    const shown = useScreen(wanted, () => remote.value)
    wanted.value = 'call'
    expect(shown.value).toBe('wait')
    remote.value = seen(false)
    await nextTick()
    expect(shown.value).toBe('call')
  })

  it('waits for nothing but the beginning of a talk', () => {
    const wanted = ref<Screen | null>('call_scan')
    const shown = useScreen(wanted, () => null)
    wanted.value = 'call'
    expect(shown.value).toBe('call')
    wanted.value = 'interrupted'
    expect(shown.value).toBe('interrupted')
  })

  it('gives way at once to whatever comes instead', () => {
    const wanted = ref<Screen | null>('wait')
    const shown = useScreen(wanted, () => seen(true))
    wanted.value = 'call'
    expect(shown.value).toBe('wait')
    wanted.value = 'interrupted'
    expect(shown.value).toBe('interrupted')
  })
})
