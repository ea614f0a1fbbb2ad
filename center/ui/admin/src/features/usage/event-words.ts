import type { EventView } from '@jiujin/shared/generated/center'

/** Events of the log that have words of their own here. */
const NAMED = new Set([
  'accepted',
  'answered',
  'connect_expired',
  'declined',
  'escalated',
  'filed',
  'grace_expired',
  'hung_up',
  'kiosk_revoked',
  'left',
  'message_left',
  'offer_expired',
  'offered',
  'page_added',
  'rated',
  'reconsidered',
  'recorder_reported',
  'recording_answered',
  'recording_asked',
  'recording_retried',
  'recording_stopped',
  'relaxed',
  'requested',
  'sheet_closed',
  'sheet_shown',
  'taken',
  'transferred',
  'wrap_up_expired',
])

/** Catalogue key of an event under `event.`; an unknown one is named as it is. */
export function eventKey({ type, data }: EventView): string {
  if (type === 'media_reported') return `media_${String(data.state)}_${String(data.side)}`
  if (type === 'page_grew') return `page_grew_${String(data.stage)}`
  if (type === 'hung_up') return data.by === 'kiosk' ? 'hung_up_kiosk' : 'hung_up_staff'
  return NAMED.has(type) ? type : 'other'
}
