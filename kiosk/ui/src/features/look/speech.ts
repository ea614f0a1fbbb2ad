import type { Language } from '../../generated/agent'
import { LOCALE_TAGS } from '../../i18n'
import { look } from './look'

/** Reads a sentence aloud where the machine itself has a voice for it; none is fetched. */
export function say(text: string, language: Language): void {
  if (!look.sound || !('speechSynthesis' in globalThis)) return
  const voice = speechSynthesis
    .getVoices()
    .find(({ lang, localService }) => localService && lang.startsWith(LOCALE_TAGS[language]))
  if (voice === undefined) return
  const utterance = new SpeechSynthesisUtterance(text)
  utterance.voice = voice
  utterance.lang = voice.lang
  speechSynthesis.cancel()
  speechSynthesis.speak(utterance)
}
