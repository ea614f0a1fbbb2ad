import { defineStore } from 'pinia'
import { ref } from 'vue'

import {
  type CenterToStaff,
  CloseCode,
  Listeners,
  type RequestOf,
  type RequestOptions,
  RequestSocket,
  type SocketState,
  type StaffToCenter,
} from '@jiujin/shared'

import { skewMs } from '../../lib/clock.ts'
import { useSession } from '../session/store.ts'

const PROTOCOL_VERSION = 1
/** After so many failed connections the session is asked for: the center may have ended it. */
const CHECK_AFTER = 2

export type StaffRequest = RequestOf<StaffToCenter>

function socketUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/staff`
}

/** The one socket to the center: its state, its frames, and requests over it. */
export const useLink = defineStore('link', () => {
  const session = useSession()
  const state = ref<SocketState>('idle')
  /** Rises with each accepted connection, so that others can do what each one needs. */
  const connections = ref(0)
  const frames = new Listeners<[frame: CenterToStaff]>()
  let failures = 0

  const wire = new RequestSocket<CenterToStaff, StaffToCenter>(
    {
      url: socketUrl(),
      hello: (last_seq) => ({ type: 'staff.hello', protocol: PROTOCOL_VERSION, last_seq }) as unknown as StaffToCenter,
      isWelcome: (frame) => frame.type === 'welcome',
    },
    { type: 'ping' },
  )

  wire.socket.states.add((next, code) => {
    state.value = next
    if (next === 'online') {
      failures = 0
      connections.value += 1
    } else if (next === 'offline' && ++failures >= CHECK_AFTER) void session.check()
    else if (next === 'refused' && code === CloseCode.signedOut) session.leave(true)
  })
  wire.socket.frames.add((frame) => {
    if (frame.type === 'welcome') skewMs.value = Date.parse(frame.center_time) - Date.now()
    frames.call(frame)
  })
  wire.refusals.add(({ code, detail }) => console.warn('the center refused a frame', code, detail))
  window.addEventListener('online', () => wire.socket.poke())

  const start = () => wire.socket.start()
  const stop = () => {
    wire.socket.stop()
    wire.socket.lastSeq = 0
  }
  const request = (body: StaffRequest, options?: RequestOptions) => wire.request(body, options)

  return { state, connections, frames, start, stop, request }
})
