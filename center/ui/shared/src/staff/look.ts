import { watchEffect } from 'vue'

import { oneOf, stored } from '../look/stored.ts'
import { useTheme } from '../look/theme.ts'

export type StaffLocale = 'zh' | 'en'

/** Language and theme that a member of staff chose at this browser, for both pages alike. */
export const locale = stored<StaffLocale>('jiujin.staff.locale', 'zh', oneOf('zh', 'en'))
export const theme = useTheme('jiujin.staff.theme')

/** What of a page's translations follows the choice; made by `createI18n` in each page. */
interface Words {
  locale: { value: StaffLocale }
  t: (key: 'brand.title') => string
}

/** Keeps the page's language, and the title of its window, as chosen. */
export function followLook(words: Words): void {
  watchEffect(() => {
    words.locale.value = locale.value
    document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
    document.title = words.t('brand.title')
  })
}
