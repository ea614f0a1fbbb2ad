import type { HallView } from '../../generated/agent'
import type { Translate } from '../../i18n'

/**
 * When the service is open, in a few words; empty when it never closes, when nothing is
 * known, and when somebody is there beyond the hours.
 */
export function hoursLine(hall: HallView | null, t: Translate, when: (moment: string) => string): string {
  if (hall === null) return ''
  if (hall.closes_at !== null) return t('hours.open_until', { when: when(hall.closes_at) })
  return hall.open || hall.opens_at === null ? '' : t('hours.opens', { when: when(hall.opens_at) })
}
