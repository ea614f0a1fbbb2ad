import zh from '../../locales/zh.json'

type Reason = keyof typeof zh.verdict
const WORDED = new Set(Object.keys(zh.verdict))

/** The reasons among a page's verdict that have words here; a newer scanner may know more. */
export function reasonsOf(verdict: readonly string[]): Reason[] {
  return verdict.filter((word): word is Reason => WORDED.has(word))
}
