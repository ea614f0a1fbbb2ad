import { ownSeat } from '@jiujin/shared'

import type { KioskState, SeatView } from '../../generated/agent'
import type { Translate } from '../../i18n'

/** Whether this kiosk's person was let into the open room. */
export function inRoom({ mediation }: KioskState): boolean {
  return mediation?.state === 'open' && ownSeat(mediation).state === 'admitted'
}

/** A name, or what is known of one who is protected. */
export function nameOf({ name, role }: SeatView, t: Translate): string {
  return name || t(`mediation.role.${role}`)
}
