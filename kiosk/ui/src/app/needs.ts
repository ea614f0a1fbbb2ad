import { inRoom } from '../features/mediation/people'
import type { ConsultationState, KioskState, Screen } from '../generated/agent'

const OPEN = new Set<ConsultationState>(['waiting', 'offered', 'connecting', 'active', 'interrupted'])
const AFTER = new Set<Screen>(['rate', 'slip', 'out_of_service'])
const FACED = new Set<Screen>(['wait', 'mediation', 'technician', 'self_test'])
const TALK = new Set<Screen>(['call', 'call_scan', 'interrupted'])
const AT_THE_DESK = new Set<Screen>(['papers', 'scan', 'wait', 'call', 'call_scan', 'interrupted'])
const CAMERA_GONE = new Set(['missing', 'unplugged'])

/** Camera and microphone are opened while waiting, so that the lawyer's answer needs no time. */
export function needsFace({ screen, consultation }: KioskState): boolean {
  if (AFTER.has(screen)) return false
  return FACED.has(screen) || TALK.has(screen) || (consultation !== null && OPEN.has(consultation.state))
}

export function needsDesk(state: KioskState): boolean {
  if (CAMERA_GONE.has(state.camera)) return false
  return AT_THE_DESK.has(state.screen) || needsFace(state)
}

/**
 * What to do about the connections when the agent speaks: an agent that was started anew stands
 * where its resident waits or talks before it hears of the room again, and must not cut by that
 * what was begun.
 */
export function roomVerdict(state: KioskState): 'follow' | 'hold' | 'close' {
  if (state.mediation !== null && !inRoom(state)) return 'close'
  if (state.room !== null) return 'follow'
  return needsFace(state) ? 'hold' : 'close'
}

/** Whether something of the resident is on the machine, so that leaving has to be asked about. */
export function hasPersonal({ pages, consultation, mediation, matter, lookup, agreement }: KioskState): boolean {
  return mediation !== null || agreement !== null || pages.length > 0 || consultation !== null || matter !== null || lookup !== null
}
