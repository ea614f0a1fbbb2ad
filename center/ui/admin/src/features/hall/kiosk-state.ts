import type { KioskView } from '@jiujin/shared/generated/center'

/** What matters most about a kiosk now; each has a word, a colour and a shape of its own. */
export type KioskMood = 'in_use' | 'online' | 'camera' | 'page' | 'offline' | 'pending' | 'revoked'

/** Smaller differences between two clocks are nobody's business, seconds. */
const SKEW_SHOWN_S = 5

export function moodOf(kiosk: KioskView): KioskMood {
  if (kiosk.status === 'revoked') return 'revoked'
  if (kiosk.status === 'pending') return 'pending'
  if (!kiosk.online) return 'offline'
  if (kiosk.health && kiosk.health.camera !== 'ok') return 'camera'
  if (kiosk.health && !kiosk.health.page_alive) return 'page'
  return kiosk.consultation_number === null ? 'online' : 'in_use'
}

/** Seconds the kiosk's clock runs fast (positive) or slow, when that is worth showing. */
export function shownSkew(kiosk: KioskView): number | null {
  const skew = kiosk.clock_skew_s
  return skew !== null && Math.abs(skew) >= SKEW_SHOWN_S ? Math.round(skew) : null
}

export function isTrouble(kiosk: KioskView): boolean {
  return ['camera', 'page', 'offline'].includes(moodOf(kiosk))
}
