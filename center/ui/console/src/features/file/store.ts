import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'

import type { Outcome, StaffConsultationView } from '@jiujin/shared'

import { useLink } from '../link/store.ts'
import { useDesk } from '../queue/store.ts'
import { type Draft, DraftKeeper, type DraftState } from './draft.ts'

const EMPTY: Draft = { notes: '', advice: '' }

/** Notes, advice and outcome of the consultation in hand. */
export const useFile = defineStore('file', () => {
  const link = useLink()
  const desk = useDesk()
  const draft = shallowRef<Draft>(EMPTY)
  const state = ref<DraftState>('clean')
  const savedAt = ref<string | null>(null)
  const outcome = ref<Outcome | null>(null)
  const filing = ref(false)
  let keeper: DraftKeeper | null = null

  watch(
    () => desk.consultation,
    (now, before) => {
      if (now?.consultation_id !== before?.consultation_id) open(now)
      else if (now !== null) keeper?.adopt({ notes: now.notes, advice: now.advice })
      if (now?.notes_saved_at) savedAt.value = later(savedAt.value, now.notes_saved_at)
    },
    { immediate: true },
  )

  function open(consultation: StaffConsultationView | null): void {
    keeper?.flush()
    keeper?.close()
    keeper = null
    outcome.value = consultation?.outcome ?? null
    savedAt.value = consultation?.notes_saved_at ?? null
    draft.value = consultation ? { notes: consultation.notes, advice: consultation.advice } : EMPTY
    state.value = 'clean'
    if (consultation) keeper = keeperOf(consultation.consultation_id)
  }

  function keeperOf(consultation_id: string): DraftKeeper {
    const made: DraftKeeper = new DraftKeeper(draft.value, {
      save: async (text) => {
        await link.request({ type: 'consultation.notes', consultation_id, ...text }, { keep: true })
        if (made === keeper) savedAt.value = later(savedAt.value, new Date().toISOString())
      },
      onChange: () => {
        draft.value = made.draft
        state.value = made.state
      },
    })
    return made
  }

  async function file(): Promise<void> {
    const consultation = desk.consultation
    if (consultation === null || outcome.value === null || filing.value) return
    filing.value = true
    const { consultation_id } = consultation
    await desk.ask({ type: 'consultation.file', consultation_id, ...draft.value, outcome: outcome.value })
    filing.value = false
  }

  const edit = (change: Partial<Draft>) => keeper?.edit(change)
  const flush = () => keeper?.flush()

  window.addEventListener('pagehide', flush)
  window.addEventListener('beforeunload', (event) => {
    if (state.value !== 'clean') event.preventDefault()
  })

  return { draft, state, savedAt, outcome, filing, edit, flush, file }
})

function later(one: string | null, other: string): string {
  return one !== null && Date.parse(one) > Date.parse(other) ? one : other
}
