import { minutesOf } from '../../app/format'
import type { KioskState } from '../../generated/agent'
import type { Translate } from '../../i18n'

type Truth = 'open' | 'busy' | 'closed' | 'offline'

/** What the home screen may promise now, and nothing more. */
export function truth({ link, hall }: Pick<KioskState, 'link' | 'hall'>): Truth {
  if (link !== 'online' || hall === null) return 'offline'
  if (!hall.open || hall.lawyers_on_duty === 0) return 'closed'
  return hall.lawyers_free > 0 && hall.waiting === 0 ? 'open' : 'busy'
}

/** The same as a sentence; `when` words the promised moment. */
export function truthSentence(
  state: Pick<KioskState, 'link' | 'hall'>,
  t: Translate,
  when: (moment: string) => string,
): string {
  const { hall } = state
  if (hall === null || state.link !== 'online') {
    return t(state.link === 'connecting' || state.link === 'online' ? 'home.status.connecting' : 'home.status.offline')
  }
  const n = hall.lawyers_on_duty
  switch (truth(state)) {
    case 'open':
      return t('home.status.free_lawyers', { n })
    case 'closed':
      if (!hall.open) return hall.opens_at === null ? t('home.status.shut') : t('home.status.shut_until', { when: when(hall.opens_at) })
      return hall.next_answer_at === null
        ? t('home.status.nobody')
        : t('home.status.nobody_promised', { when: when(hall.next_answer_at) })
    default:
      if (hall.estimate_s === null) return t('home.status.busy_unknown', { n })
      if (hall.estimate_s < 60) return t('home.status.busy_soon', { n })
      return t('home.status.busy', { n, minutes: minutesOf(hall.estimate_s) })
  }
}
