import type { Language } from '../../generated/agent'
import { LOCALE_TAGS } from '../../i18n'
import { look } from './look'

function voiceFor(language: Language): SpeechSynthesisVoice | undefined {
  if (!('speechSynthesis' in globalThis)) return undefined
  return speechSynthesis
    .getVoices()
    .find(({ lang, localService }) => localService && lang.startsWith(LOCALE_TAGS[language]))
}

/** Whether the machine itself can read this language aloud. */
export function hasVoice(language: Language): boolean {
  return voiceFor(language) !== undefined
}

/** Reads a sentence aloud where the machine itself has a voice for it; none is fetched. Whether it does. */
export function say(text: string, language: Language): boolean {
  const voice = look.sound ? voiceFor(language) : undefined
  if (voice === undefined) return false
  const utterance = new SpeechSynthesisUtterance(text)
  utterance.voice = voice
  utterance.lang = voice.lang
  speechSynthesis.cancel()
  speechSynthesis.speak(utterance)
  return true
}
