import { createI18n, useI18n } from 'vue-i18n'

import type { Language } from './generated/agent'
import en from './locales/en.json'
import ko from './locales/ko.json'
import zh from './locales/zh.json'

type Leaves<Tree, Prefix extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string
    ? `${Prefix}${Key}`
    : Leaves<Tree[Key], `${Prefix}${Key}.`>
}[keyof Tree & string]

/** Every text of the catalogues; a misspelt key does not compile. */
export type TextKey = Leaves<typeof zh>

export const LOCALE_TAGS: Record<Language, string> = { zh: 'zh-CN', ko: 'ko', en: 'en' }

export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh, ko, en },
})

export type Translate = (key: TextKey, values?: Record<string, string | number>) => string

/** Texts in the screen's language; a value `n` also chooses between singular and plural. */
export function useText(): { t: Translate } {
  const { t } = useI18n({ useScope: 'global' })
  return {
    t: (key, values = {}) =>
      typeof values.n === 'number' ? t(key, values, values.n) : t(key, values),
  }
}
