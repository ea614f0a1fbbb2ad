import { useI18n } from 'vue-i18n'

const DAY = { month: 'short', day: 'numeric' } as const
const TIME = { hour: '2-digit', minute: '2-digit', hour12: false } as const

/** Durations, moments and numbers in the reader's language. */
export function useWords() {
  const { t, locale } = useI18n()
  const tag = () => (locale.value === 'zh' ? 'zh-CN' : 'en-GB')

  /** Such as 3 分 20 秒; null is a dash. */
  function duration(seconds: number | null): string {
    if (seconds === null) return t('words.none')
    const whole = Math.round(seconds)
    const [d, h, m, s] = [
      Math.floor(whole / 86_400),
      Math.floor((whole % 86_400) / 3600),
      Math.floor((whole % 3600) / 60),
      whole % 60,
    ]
    if (d > 0) return t('duration.days', { d, h })
    if (h > 0) return t('duration.hours', { h, m })
    return m > 0 ? t('duration.minutes', { m, s }) : t('duration.seconds', { s })
  }

  function moment(at: string | number | Date): string {
    const date = new Date(at)
    const year = date.getFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const)
    return date.toLocaleString(tag(), { ...year, ...DAY, ...TIME })
  }

  function clock(at: string | number | Date): string {
    return new Date(at).toLocaleTimeString('en-GB', { hour12: false })
  }

  function day(isoDate: string): string {
    const date = new Date(`${isoDate}T00:00`)
    return date.toLocaleDateString(tag(), { ...DAY, weekday: 'long' })
  }

  function number(value: number, digits = 0): string {
    return value.toLocaleString(tag(), { maximumFractionDigits: digits })
  }

  /** Short enough for a label above a narrow bar: from ten thousand on, such as 19K or 1.9万. */
  function shortNumber(value: number): string {
    return value < 10_000 ? number(value) : value.toLocaleString(tag(), { notation: 'compact', maximumFractionDigits: 1 })
  }

  function share(part: number, whole: number): string {
    if (whole === 0) return t('words.none')
    return (part / whole).toLocaleString(tag(), { style: 'percent', maximumFractionDigits: 0 })
  }

  function gigabytes(megabytes: number): string {
    return t('words.gigabytes', { n: number(megabytes / 1024, 1) })
  }

  return { duration, moment, clock, day, number, shortNumber, share, gigabytes }
}

/** Today as the person at this screen counts days, `YYYY-MM-DD`. */
export function localDay(date = new Date()): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
