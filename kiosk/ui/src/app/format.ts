import { useKiosk, useKioskState } from './kiosk'
import { LOCALE_TAGS, type Translate, useText } from '../i18n'

/** Official time everywhere in the country, whatever the machine is set to. */
const TIME_ZONE = 'Asia/Shanghai'

/** "14:05". */
export function clockTime(moment: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, { timeZone: TIME_ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment)
}

/** "今天 14:05", "明天 10:00" or a date with the time. */
export function dayAndTime(moment: number, now: number, tag: string, t: Translate): string {
  const time = clockTime(moment, tag)
  const days = dayNumber(moment) - dayNumber(now)
  if (days === 0) return t('time.today', { time })
  if (days === 1) return t('time.tomorrow', { time })
  const date = new Intl.DateTimeFormat(tag, { timeZone: TIME_ZONE, month: 'long', day: 'numeric', weekday: 'short' }).format(moment)
  return t('time.day', { date, time })
}

function dayNumber(moment: number): number {
  const [year, month, day] = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE }).format(moment).split('-').map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day) / 86_400_000
}

/** Whole minutes of an estimate, at least 1. */
export function minutesOf(seconds: number): number {
  return Math.max(1, Math.round(seconds / 60))
}

/** Seconds until a moment, never below zero; 0 when there is none. */
export function secondsLeft(moment: string | null, now: number): number {
  return moment === null ? 0 : Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000))
}

/** Moments worded in the screen's language. */
export function useWhen(): (moment: string) => string {
  const state = useKioskState()
  const { now } = useKiosk()
  const { t } = useText()
  return (moment) => dayAndTime(Date.parse(moment), now.value, LOCALE_TAGS[state.value.language], t)
}
