import { computed, onScopeDispose, type Ref, ref } from 'vue'

/** Center's clock minus ours, milliseconds; deadlines are shown by the center's clock. */
export const skewMs = ref(0)

const ticks = ref(Date.now())
let users = 0
let handle = 0

/** The center's time in milliseconds, moving four times a second while somebody looks. */
export function useNow(): Readonly<Ref<number>> {
  if (users++ === 0) handle = window.setInterval(() => (ticks.value = Date.now()), 250)
  onScopeDispose(() => {
    if (--users === 0) window.clearInterval(handle)
  })
  ticks.value = Date.now()
  return computed(() => ticks.value + skewMs.value)
}

export function secondsBetween(from: string | number, to: string | number): number {
  return Math.max(0, Math.floor((+new Date(to) - +new Date(from)) / 1000))
}

/** Seconds until a deadline, rounded up, so that it reads 0 only when it is over. */
export function secondsLeft(deadline: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(deadline) - now) / 1000))
}
