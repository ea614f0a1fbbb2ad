import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

import {
  type CenterToStaff,
  type DutyState,
  type DutyView,
  type HallView,
  Listeners,
  type MessageView,
  type OfferView,
  type RoomView,
  type StaffConsultationView,
  type WaitingRow,
} from '@jiujin/shared'

import { notifyFailure } from '../../lib/notify.ts'
import { type StaffRequest, useLink } from '../link/store.ts'

export interface FiledConsultation {
  consultationId: string
  number: string
  pages: number
}

function never(frame: never): void {
  console.warn('frame of an unknown type', frame)
}

/** What the center says is true: the hall, who waits, what rings, whom this person talks to. */
export const useDesk = defineStore('desk', () => {
  const link = useLink()
  const hall = shallowRef<HallView | null>(null)
  const duty = shallowRef<DutyView | null>(null)
  const rows = shallowRef<readonly WaitingRow[]>([])
  const messages = shallowRef<readonly MessageView[]>([])
  const offer = shallowRef<OfferView | null>(null)
  const consultation = shallowRef<StaffConsultationView | null>(null)
  const room = shallowRef<RoomView | null>(null)
  /** Whether the first full picture after signing in has arrived. */
  const loaded = ref(false)
  /** Filed since this page was opened, newest first; only numbers, kept nowhere else. */
  const filed = ref<FiledConsultation[]>([])
  /** Called when this person's acceptance was sent and is not answered yet. */
  const accepting = new Listeners<[consultationId: string]>()

  const dutyState = computed<DutyState>(() => duty.value?.state ?? 'off')
  const ringing = computed(() => {
    const id = offer.value?.consultation_id
    return rows.value.find((row) => row.consultation_id === id) ?? null
  })
  const mayTake = computed(() => dutyState.value === 'available' && consultation.value === null)

  link.frames.add(apply)

  function apply(frame: CenterToStaff): void {
    switch (frame.type) {
      case 'hall.state':
        hall.value = frame.hall
        break
      case 'duty.state':
        duty.value = frame.duty
        break
      case 'queue.state':
        rows.value = frame.rows
        messages.value = frame.messages
        loaded.value = true
        break
      case 'consultation.offer':
        offer.value = frame.offer
        break
      case 'consultation.state':
        consultation.value = frame.consultation
        break
      case 'room.state':
        room.value = frame.room
        break
      case 'room.closed':
        if (room.value?.room_id === frame.room_id) room.value = null
        break
      case 'welcome':
      case 'ack':
      case 'error':
      case 'room.signalled':
      case 'sheet.state':
      case 'marks.state':
      case 'pointer.moved':
      case 'fleet.state':
      case 'mediations.state':
        break
      default:
        never(frame)
    }
  }

  watch(consultation, (now, before) => {
    if (before?.state !== 'wrap_up' || now?.consultation_id === before.consultation_id) return
    const { consultation_id: consultationId, number, pages } = before
    filed.value = [{ consultationId, number, pages: pages.length }, ...filed.value].slice(0, 5)
  })

  /** Sends a request whose failure is told in words; true when it was carried out. */
  async function ask(request: StaffRequest, keep = false): Promise<boolean> {
    try {
      await link.request(request, { keep })
      return true
    } catch (error) {
      notifyFailure(error)
      return false
    }
  }

  async function accept(): Promise<void> {
    if (offer.value === null) return
    const { consultation_id } = offer.value
    const asked = ask({ type: 'offer.accept', consultation_id })
    accepting.call(consultation_id)
    await asked
  }

  async function decline(): Promise<void> {
    if (offer.value) await ask({ type: 'offer.decline', consultation_id: offer.value.consultation_id })
  }

  async function take(consultationId: string | null = null): Promise<void> {
    if (mayTake.value) await ask({ type: 'queue.take', consultation_id: consultationId })
  }

  function reset(): void {
    hall.value = duty.value = offer.value = consultation.value = room.value = null
    rows.value = messages.value = []
    filed.value = []
    loaded.value = false
  }

  return {
    hall, duty, rows, messages, offer, consultation, room, loaded, filed, accepting,
    dutyState, ringing, mayTake, ask, accept, decline, take, reset,
  }
})
