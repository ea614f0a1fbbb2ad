import { watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'

import en from '../locales/en.json'
import zh from '../locales/zh.json'
import { stored } from './stored.ts'

export type ConsoleLocale = 'zh' | 'en'

export const locale = stored<ConsoleLocale>('locale', 'zh', ['zh', 'en'])

export const i18n = createI18n({
  legacy: false,
  locale: locale.value,
  fallbackLocale: false,
  messages: { zh, en },
})

watchEffect(() => {
  i18n.global.locale.value = locale.value
  document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
})
