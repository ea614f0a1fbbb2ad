import { reactive, watchEffect } from 'vue'

const KEY = 'jiujin.look'

/** How the resident wants to see and hear this machine; for one visit only. */
interface Look {
  /** Text size: 0 normal, 1 large, 2 very large. */
  text: number
  contrast: boolean
  sound: boolean
  /** Controls in the lower half of a tall screen. */
  low: boolean
  /** Loudness of the lawyer, 1 to 5. */
  volume: number
}

const PLAIN: Look = { text: 0, contrast: false, sound: true, low: false, volume: 5 }

export const look = reactive<Look>(remembered())

/** Back to what everybody finds; the wipe has already emptied the storage. */
export function forgetLook(): void {
  Object.assign(look, PLAIN)
}

/** Shows the preferences on the page, and keeps them over a reload. */
export function applyLook(root: HTMLElement): void {
  watchEffect(() => {
    root.dataset.text = String(look.text)
    root.dataset.theme = look.contrast ? 'contrast' : 'plain'
    root.dataset.low = String(look.low)
    remember({ ...look })
  })
}

function remember(now: Look): void {
  if (JSON.stringify(now) === JSON.stringify(PLAIN)) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, JSON.stringify(now))
}

function remembered(): Look {
  try {
    return { ...PLAIN, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Look>) }
  } catch {
    return { ...PLAIN }
  }
}
