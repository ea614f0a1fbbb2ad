import { useI18n } from 'vue-i18n'

import type { RequestErrorCode } from '@jiujin/shared'

/** Durations and moments in the reader's language. */
export function useWords() {
  const { t, locale } = useI18n()

  function duration(seconds: number): string {
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
    if (h > 0) return t('duration.hours', { h, m })
    return m > 0 ? t('duration.minutes', { m, s }) : t('duration.seconds', { s })
  }

  function clock(moment: string | number): string {
    return new Date(moment).toLocaleTimeString('zh-CN', { hour12: false })
  }

  function day(moment: string): string {
    const tag = locale.value === 'zh' ? 'zh-CN' : 'en-GB'
    const parts = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const
    return new Date(moment).toLocaleString(tag, parts)
  }

  return { duration, clock, day }
}

export type FailureCode = RequestErrorCode | 'unreachable'
