import type { RecordingMoment } from '@jiujin/shared'

/** Events that say something to whoever watches; the rest of the log is for the office. */
const NAMED = new Set([
  'recording_asked',
  'recording_retried',
  'recording_stopped',
  'media_reported',
  'page_added',
  'sheet_shown',
  'sheet_closed',
  'hung_up',
  'transferred',
  'grace_expired',
  'kiosk_revoked',
  'admitted',
  'dismissed',
  'parted',
  'side_opened',
  'side_closed',
  'proposed',
  'withdrawn',
  'confirmed',
  'objected',
  'signed',
  'sealed',
  'ended',
  'carrier_lost',
])

export interface Mark {
  /** Seconds on the player's scale; what came before the first picture is at its beginning. */
  at: number
  /** Under `recording.moment.` in the catalogues. */
  key: string
  /** Whom it concerns, in a mediation. */
  name: string
}

/** What happened, in the order in which it did, as keys of the catalogues. */
export function marksOf(moments: readonly RecordingMoment[]): Mark[] {
  return moments.flatMap((moment) => {
    const key = keyOf(moment)
    return key === null ? [] : [{ at: Math.max(0, moment.at_s), key, name: moment.name }]
  })
}

function keyOf({ type, data }: RecordingMoment): string | null {
  const side = sideOf(data)
  switch (type) {
    case 'media_reported':
      return data['state'] === 'up' ? `up_${side}` : `lost_${side}`
    case 'recording_answered':
      return data['agreed'] === true ? `agreed_${side}` : `refused_${side}`
    case 'floor_given':
      return data['seat_id'] === null ? 'floor_open' : type
    case 'recorder_reported':
      return data['fault'] === null ? 'recorder_back' : 'recorder_failed'
    default:
      return NAMED.has(type) ? type : null
  }
}

/** In a mediation people are known by their seats. */
function sideOf({ side, peer }: RecordingMoment['data']): 'kiosk' | 'staff' | 'seat' {
  const kind = String(side ?? String(peer).split(':')[0])
  return kind === 'kiosk' || kind === 'staff' ? kind : 'seat'
}
