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
const REFUSED_PAUSE_MS = 1500

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
  /** The center no longer speaks this page's protocol; only a reload helps. */
  const outdated = ref(false)
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
    outdated.value = code === CloseCode.protocol
    if (next === 'online') {
      failures = 0
      connections.value += 1
    } else if (next === 'offline' && ++failures >= CHECK_AFTER) void session.check()
    else if (next === 'refused' && code === CloseCode.signedOut) void refused()
  })
  wire.socket.frames.add((frame) => {
    if (frame.type === 'welcome') skewMs.value = Date.parse(frame.center_time) - Date.now()
    frames.call(frame)
  })
  wire.refusals.add(({ code, detail }) => console.warn('the center refused a frame', code, detail))
  window.addEventListener('online', () => wire.socket.poke())

  /** The socket was refused; the session says whether that is for good or was a slow hello. */
  async function refused(): Promise<void> {
    await session.check()
    if (session.state === 'in') window.setTimeout(start, REFUSED_PAUSE_MS)
  }

  const start = () => wire.socket.start()
  const stop = () => {
    wire.socket.stop()
    wire.socket.lastSeq = 0
  }
  const request = (body: StaffRequest, options?: RequestOptions) => wire.request(body, options)

  return { state, connections, outdated, frames, start, stop, request }
})
