import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'

import { CloseCode, Listeners, RequestSocket, type SocketState } from '@jiujin/shared'
import type {
  CenterToStaff,
  HallView,
  KioskList,
  KioskView,
  StaffToCenter,
  WaitingRow,
} from '@jiujin/shared/generated/center'
import { askJson } from '@jiujin/shared/wire/http'

import { useSession } from '../session/store.ts'

const PROTOCOL_VERSION = 1
/** After so many failed connections the session is asked for: the center may have ended it. */
const CHECK_AFTER = 2

/** What the center pushes to whoever watches the hall: who waits, and how each kiosk is. */
export const useLive = defineStore('live', () => {
  const session = useSession()
  const state = ref<SocketState>('idle')
  const hall = shallowRef<HallView | null>(null)
  const waiting = shallowRef<WaitingRow[]>([])
  const fleet = shallowReactive(new Map<string, KioskView>())
  const kiosks = computed(() => [...fleet.values()].sort((a, b) => a.kiosk_id.localeCompare(b.kiosk_id)))
  /** Called when figures that the center computes may have moved. */
  const moved = new Listeners<[]>()
  let failures = 0

  const wire = new RequestSocket<CenterToStaff, StaffToCenter>(
    {
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/staff`,
      hello: (last_seq) => ({ type: 'staff.hello', protocol: PROTOCOL_VERSION, last_seq }) as unknown as StaffToCenter,
      isWelcome: (frame) => frame.type === 'welcome',
    },
    { type: 'ping' },
  )

  wire.socket.states.add((next, code) => {
    state.value = next
    if (next === 'online') failures = 0
    else if (next === 'offline' && ++failures >= CHECK_AFTER) void session.check()
    else if (next === 'refused' && code === CloseCode.signedOut) session.leave(true)
  })
  wire.socket.frames.add(take)
  window.addEventListener('online', () => wire.socket.poke())

  function take(frame: CenterToStaff): void {
    if (frame.type === 'hall.state') hall.value = frame.hall
    else if (frame.type === 'queue.state') waiting.value = frame.rows
    else if (frame.type === 'fleet.state') fleet.set(frame.kiosk.kiosk_id, frame.kiosk)
    // Heartbeats move no figure, and there are many of them.
    if (frame.type === 'hall.state' || frame.type === 'queue.state') moved.call()
  }

  async function readFleet(signal?: AbortSignal): Promise<void> {
    const { kiosks: read } = await askJson<KioskList>('GET', '/api/kiosks', undefined, signal)
    for (const kiosk of read) fleet.set(kiosk.kiosk_id, kiosk)
  }

  const start = () => wire.socket.start()
  const stop = () => {
    wire.socket.stop()
    wire.socket.lastSeq = 0
    fleet.clear()
    waiting.value = []
    hall.value = null
  }

  return { state, hall, waiting, kiosks, moved, start, stop, readFleet }
})
