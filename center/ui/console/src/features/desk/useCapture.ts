import { ref, watch } from 'vue'

import { useDesk } from '../queue/store.ts'
import { usePages } from './store.ts'

const SHOWN_MS = 4000

/** Whether a sharp picture was asked for and has not arrived yet. */
export const capturing = ref(false)

/** Asks the kiosk for a sharp picture of what lies on its desk. */
export async function askCapture(): Promise<void> {
  const desk = useDesk()
  const consultation_id = desk.consultation?.consultation_id
  if (consultation_id === undefined || capturing.value) return
  capturing.value = true
  const stop = watch(() => usePages().pages.length, done)
  const handle = window.setTimeout(done, SHOWN_MS)
  function done(): void {
    stop()
    window.clearTimeout(handle)
    capturing.value = false
  }
  if (!(await desk.ask({ type: 'desk.capture', consultation_id }))) done()
}
