import { watch, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'

import { useDesk } from '../queue/store.ts'
import { chime } from './chime.ts'

/** Announces each waiting resident once, by sound and by the title; never by a modal. */
export function useAnnounce(): void {
  const { t } = useI18n()
  const desk = useDesk()
  const heard = new Set<string>()

  watch(
    () => desk.rows,
    (rows) => {
      const fresh = rows.filter((row) => !heard.has(row.consultation_id))
      fresh.forEach((row) => heard.add(row.consultation_id))
      const listening = desk.dutyState === 'available' || desk.dutyState === 'away'
      if (fresh.length > 0 && listening && desk.offer === null) chime.waiting()
    },
  )
  watch(
    () => desk.offer?.consultation_id,
    (ringing) => {
      if (ringing !== undefined) chime.ringing()
    },
  )
  watchEffect(() => {
    const brand = `${t('brand.name')} · ${t('brand.place')}`
    const waiting = desk.rows.length
    if (desk.offer) document.title = `${t('title.ringing')} — ${brand}`
    else document.title = waiting > 0 ? `${t('title.waiting', { n: waiting })} — ${brand}` : brand
  })
}
