import type { ConsultationView, HallView } from '../../generated/agent'
import type { Translate } from '../../i18n'

/** When somebody answers again, while nobody is there to wait for; else null. */
export function answerAt(hall: HallView | null): string | null {
  if (hall === null) return null
  if (!hall.open) return hall.opens_at
  return hall.lawyers_on_duty === 0 ? hall.next_answer_at : null
}

/** How many people are before this one. */
export function aheadOf(consultation: ConsultationView | null): number {
  return Math.max(0, (consultation?.place?.position ?? 1) - 1)
}

/** The one thing to know while waiting; that nobody is there comes before one's place in the queue. */
export function headline(consultation: ConsultationView | null, hall: HallView | null, t: Translate): string {
  if (consultation === null) return t('wait.requesting')
  if (consultation.state === 'offered') return t('wait.calling')
  if (consultation.lawyer !== null) return t('call.connecting', { name: consultation.lawyer.name })
  if (answerAt(hall) !== null) return t(hall?.open ? 'wait.nobody' : 'wait.shut')
  const n = aheadOf(consultation)
  return n === 0 ? t('wait.next') : t('wait.ahead', { n })
}
