import type { CallQuality } from '@jiujin/shared'

import type { ConsultationView } from '../../generated/agent'
import type { TextKey, Translate } from '../../i18n'
import type { FaceDevices } from './face-camera'

/** Whether the talk's connection is there. */
export type Line = 'none' | 'up' | 'lost'

/** What one sentence says of the talk, by the name of its text. */
export function sentenceOf(line: Line, { camera, microphone }: FaceDevices, quality: CallQuality | null): TextKey {
  if (line === 'lost') return 'call.line_lost'
  if (microphone === false) return 'call.no_microphone'
  const remark = quality?.remark ?? 'good'
  return remark === 'good' && camera === false ? 'call.no_camera' : `call.remark.${remark}`
}

/** What is said while there is no connection yet: a talk that was on comes back, as after the page was loaded anew. */
export function arrivalOf(consultation: ConsultationView | null, t: Translate): string {
  if (consultation !== null && consultation.state !== 'connecting') return t('call.line_lost')
  return consultation?.lawyer ? t('call.connecting', { name: consultation.lawyer.name }) : t('call.connecting_anyone')
}

/** Whether the other person is only heard: no picture is sent, or none comes any more. */
export function isVoiceOnly(quality: CallQuality | null): boolean {
  const picture = quality?.theirs?.picture
  return picture === 'paused' || picture === 'off' || picture === 'none'
}
