import { useI18n } from 'vue-i18n'

import { useWords } from '../../lib/words.ts'

/** A kiosk clock's difference in words; null means that it is too small to matter. */
export function useSkewWords() {
  const { t } = useI18n()
  const { duration } = useWords()

  return (seconds: number | null): string => {
    if (seconds === null) return t('kiosk.right')
    const time = duration(Math.abs(seconds))
    return seconds > 0 ? t('kiosk.fast', { time }) : t('kiosk.slow', { time })
  }
}
