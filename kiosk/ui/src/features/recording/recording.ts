import { type ComputedRef, computed } from 'vue'

import { useKiosk, useKioskState } from '../../app/kiosk'
import type { KioskState, RecordingView } from '../../generated/agent'
import { inRoom } from '../mediation/people'

export interface Recorded {
  view: RecordingView
  /** In a mediation, which others take part in. */
  mediation: boolean
  paused: boolean
}

/** The recording that this kiosk's person has a say in. */
export function recordingOf(state: KioskState): Recorded | null {
  if (state.mediation !== null && inRoom(state)) {
    const { recording } = state.mediation
    return { view: recording, mediation: true, paused: recording.paused }
  }
  return state.consultation && { view: state.consultation.recording, mediation: false, paused: false }
}

export function useRecording(): {
  recorded: ComputedRef<Recorded | null>
  answer: (agreed: boolean) => void
  stop: () => void
} {
  const { touch } = useKiosk()
  const state = useKioskState()
  const recorded = computed(() => recordingOf(state.value))

  function answer(agreed: boolean): void {
    const { view, mediation } = recorded.value ?? {}
    if (!view?.recording_id) return
    const what = { do: 'answer_recording', recording_id: view.recording_id, agreed } as const
    touch(mediation ? { do: 'act_in_mediation', act: what } : what)
  }

  function stop(): void {
    const { view, mediation } = recorded.value ?? {}
    if (!view?.recording_id) return
    const what = { do: 'stop_recording', recording_id: view.recording_id } as const
    touch(mediation ? { do: 'act_in_mediation', act: what } : what)
  }

  return { recorded, answer, stop }
}
