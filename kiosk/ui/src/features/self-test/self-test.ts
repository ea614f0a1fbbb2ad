import { configured, type LineCheck } from '@jiujin/shared'
import { checkLine } from '@jiujin/shared/line-check/check'
import { computed, type ComputedRef, onBeforeUnmount, onMounted, type Ref, ref, shallowRef, watch } from 'vue'

import { useKiosk } from '../../app/kiosk'
import type { MachineFound } from '../../generated/agent'

export interface Findings {
  /** What the agent saw; its camera comes last. */
  machine: ComputedRef<MachineFound | null>
  /** What the page saw, as before a call. */
  line: Readonly<Ref<LineCheck | null>>
  running: Readonly<Ref<boolean>>
  /** `emptyDesk`: nothing lies on the desk, and the machine is to remember it so. */
  again: (emptyDesk?: boolean) => Promise<void>
}

/** The whole test ends within this, whatever hangs. */
const DEADLINE_MS = 5000

/** Looks at the machine as soon as its screen is there, and again when asked; tells the center what it found. */
export function useSelfTest(check: typeof checkLine = checkLine): Findings {
  const { model, media, send } = useKiosk()
  const run = ref(0)
  const line = shallowRef<LineCheck | null>(null)
  const running = ref(false)
  const gone = new AbortController()
  const machine = computed(() => (model.value.machine?.run === run.value ? model.value.machine : null))

  async function again(emptyDesk = false) {
    const signal = AbortSignal.any([AbortSignal.timeout(DEADLINE_MS), gone.signal])
    running.value = true
    line.value = null
    run.value += 1
    send({ type: 'page.self_test', run: run.value, empty_desk: emptyDesk })
    await until(() => machine.value !== null && media.devices.camera !== null, signal)
    const iceServers = (machine.value?.ice_servers ?? []).map(configured)
    const found = await check({ stream: media.devices.stream, path: '/line/data', iceServers, audible: true, signal })
    if (gone.signal.aborted) return
    line.value = found
    send({ type: 'page.line_check', check: found })
    await until(() => (machine.value?.camera ?? null) !== null, signal)
    running.value = false
  }

  onMounted(() => again())
  onBeforeUnmount(() => gone.abort())
  return { machine, line, running, again }
}

/** When it is true, or given up. */
function until(met: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(met, (now) => now && done(), { flush: 'sync' })
    function done() {
      stop()
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
    if (met() || signal.aborted) done()
  })
}
