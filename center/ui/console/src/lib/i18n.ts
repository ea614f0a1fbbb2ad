import { createI18n } from 'vue-i18n'

import { followLook, locale } from '@jiujin/shared/staff/look'

import en from '../locales/en.json'
import zh from '../locales/zh.json'

export const i18n = createI18n({ legacy: false, locale: locale.value, fallbackLocale: false, messages: { zh, en } })

followLook(i18n.global)
