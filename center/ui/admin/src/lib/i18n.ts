import { watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'

import { oneOf, stored } from '@jiujin/shared/look/stored'

import en from '../locales/en.json'
import zh from '../locales/zh.json'

export type AdminLocale = 'zh' | 'en'

export const locale = stored<AdminLocale>('jiujin.admin.locale', 'zh', oneOf('zh', 'en'))

export const i18n = createI18n({
  legacy: false,
  locale: locale.value,
  fallbackLocale: false,
  messages: { zh, en },
})

watchEffect(() => {
  i18n.global.locale.value = locale.value
  document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
  document.title = i18n.global.t('brand.title')
})
