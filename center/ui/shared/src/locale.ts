/** BCP 47 tags of the languages a page can be shown in. */
export type Locale = 'zh-CN' | 'ko' | 'en'
