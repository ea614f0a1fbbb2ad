import type { RecordingMoment } from '@jiujin/shared'

/** Events that say something to whoever watches; the rest of the log is for the office. */
const NAMED = new Set([
  'recording_asked',
  'recording_stopped',
  'media_reported',
  'page_added',
  'sheet_shown',
  'sheet_closed',
  'hung_up',
  'transferred',
  'grace_expired',
  'kiosk_revoked',
])

export interface Mark {
  /** Seconds on the player's scale; what came before the first picture is at its beginning. */
  at: number
  /** Under `recording.moment.` in the catalogues. */
  key: string
}

/** What happened, in the order in which it did, as keys of the catalogues. */
export function marksOf(moments: readonly RecordingMoment[]): Mark[] {
  return moments.flatMap((moment) => {
    const key = keyOf(moment)
    return key === null ? [] : [{ at: Math.max(0, moment.at_s), key }]
  })
}

function keyOf({ type, data }: RecordingMoment): string | null {
  const side = sideOf(data)
  switch (type) {
    case 'media_reported':
      return data['state'] === 'up' ? `up_${side}` : `lost_${side}`
    case 'recording_answered':
      return data['agreed'] === true ? `agreed_${side}` : `refused_${side}`
    case 'recorder_reported':
      return data['fault'] === null ? 'recorder_back' : 'recorder_failed'
    default:
      return NAMED.has(type) ? type : null
  }
}

function sideOf({ side, peer }: RecordingMoment['data']): 'kiosk' | 'staff' {
  return side === 'kiosk' || String(peer).startsWith('kiosk:') ? 'kiosk' : 'staff'
}
