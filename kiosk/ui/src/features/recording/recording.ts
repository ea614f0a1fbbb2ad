import { type ComputedRef, computed, onScopeDispose, type Ref, ref, watch } from 'vue'

import { useKiosk, useKioskState } from '../../app/kiosk'
import type { KioskState, RecordingView, Screen } from '../../generated/agent'
import { inRoom } from '../mediation/people'

export interface Recorded {
  view: RecordingView
  /** In a mediation, which others take part in. */
  mediation: boolean
  paused: boolean
}

/** Why a recording is over; in a mediation nobody learns who it was that wanted it no more. */
export type RecordingEnd = 'stopped' | 'newcomer' | 'over'

/** Where a consultation is talked, and may be recorded. */
const TALK = new Set<Screen>(['call', 'call_scan', 'interrupted'])
/** Where a talk leads that somebody else ended, or handed on. */
const AFTER_TALK = new Set<Screen>(['wait', 'rate', 'slip'])
/** Long enough to look up from the papers, find the sentence and read it twice. */
const TOLD_MS = 15_000

/** The recording that this kiosk's person has a say in. */
export function recordingOf(state: KioskState): Recorded | null {
  if (state.mediation !== null && inRoom(state)) {
    const { recording } = state.mediation
    return { view: recording, mediation: true, paused: recording.paused }
  }
  if (state.consultation === null || !TALK.has(state.screen)) return null
  return { view: state.consultation.recording, mediation: false, paused: false }
}

/** What the person is to be told; null while nothing that was recorded has come to its end. */
export function endOf(before: KioskState, after: KioskState): RecordingEnd | null {
  if (!isRecorded(before) || isRecorded(after)) return null
  const view = recordingOf(after)?.view
  if (view === undefined) return isTalkOver(after) ? 'over' : null
  if (view.state !== 'stopped') return null
  if (view.cause === 'newcomer') return 'newcomer'
  return view.cause === 'talk_over' ? 'over' : 'stopped'
}

function isRecorded(state: KioskState): boolean {
  return recordingOf(state)?.view.state === 'running'
}

function isTalkOver({ screen, notices }: KioskState): boolean {
  return AFTER_TALK.has(screen) || notices.some(({ code }) => code === 'mediation_over')
}

/** The end of a recording for as long as it is told; the next resident is told nothing of it. */
export function useRecordingEnd(state: Readonly<Ref<KioskState>>): Ref<RecordingEnd | null> {
  const told = ref<RecordingEnd | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  function tell(end: RecordingEnd | null): void {
    clearTimeout(timer)
    told.value = end
    if (end !== null) timer = setTimeout(() => (told.value = null), TOLD_MS)
  }

  watch(state, (now, before) => {
    const end = endOf(before, now)
    const another = now.screen === 'home' && before.screen !== 'home'
    if (end !== null || isRecorded(now) || another) tell(end)
  })
  onScopeDispose(() => clearTimeout(timer))
  return told
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
