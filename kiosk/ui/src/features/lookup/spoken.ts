import type { Language } from '../../generated/agent'

/** The lines of a text in two languages that a voice of this one can read: Korean, or all the others. */
export function spokenIn(text: string, language: Language): string {
  const korean = (line: string) => /\p{Script=Hangul}/u.test(line)
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.filter((line) => korean(line) === (language === 'ko')).join('\n')
}
