import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

import {
  type CallQuality,
  faceTracks,
  FirstPicture,
  type LinkState,
  pageSession,
  type PeerView,
  QualityWatch,
  RequestError,
  RoomLinks,
  type StreamKind,
} from '@jiujin/shared'

import { skewMs } from '../../lib/clock.ts'
import { useCallPlace } from './place.ts'
import { useMedia } from '../duty/media.ts'
import { useLink } from '../link/store.ts'
import { useDesk } from '../queue/store.ts'

const IN_ROOM = new Set(['connecting', 'active', 'interrupted'])

/** The media of the call: follows the room the center describes, and reports what it sees. */
export const useCall = defineStore('call', () => {
  const link = useLink()
  const desk = useDesk()
  const media = useMedia()
  const face = shallowRef<MediaStream | null>(null)
  const papers = shallowRef<MediaStream | null>(null)
  const state = ref<LinkState | null>(null)
  const quality = shallowRef<CallQuality | null>(null)
  /** Accepted, and the resident's picture is on its way; see FirstPicture. */
  const arriving = ref(false)
  const picture = new FirstPicture((waiting) => (arriving.value = waiting))
  const talking = computed(() => desk.consultation !== null && IN_ROOM.has(desk.consultation.state))
  const place = useCallPlace(pageSession)
  /** The talk goes on, or waits, in another window of this person: they may go on in this one. */
  const elsewhere = computed(() => talking.value && place.elsewhere.value)
  /** While it rings the room is there already, and everything is made ready in it. */
  const roomId = computed(() => (talking.value ? desk.consultation : desk.offer)?.consultation_id ?? null)

  const links = new RoomLinks({
    session: pageSession,
    // The channel inside repeats what gets lost, so a failed relay is no failure yet.
    send: (room_id, to, payload) =>
      void link.request({ type: 'room.signal', room_id, to, payload }).catch(() => undefined),
    onTrack: (peer, kind, stream) => peer.role !== 'recorder' && show(kind, stream),
    onState: (peer, next) => report(peer, next),
    onQuality: (peer, report) => peer.role === 'kiosk' && watcher.heard(report),
    onGone: (peerId) => peerId.startsWith('kiosk:') && clear(),
  })

  function show(kind: StreamKind, stream: MediaStream): void {
    if (kind === 'desk') papers.value = stream
    else {
      face.value = stream
      if (arriving.value) picture.arrives(stream)
    }
  }

  function clear(): void {
    face.value = papers.value = null
    state.value = null
  }

  function report(peer: PeerView, next: LinkState): void {
    if (peer.role !== 'kiosk') return
    state.value = next
    const consultation_id = roomId.value
    if (consultation_id === null) return
    link.request({ type: 'media.report', consultation_id, state: next }, { keep: true }).catch((error: unknown) => {
      // The consultation may have ended meanwhile; then nobody waits for this report.
      if (!(error instanceof RequestError)) throw error
    })
  }

  watch(
    () => media.stream,
    (stream) => links.setTracks(faceTracks(stream)),
    { immediate: true },
  )
  /** In the room of what rings or is talked about, unless another window took over. */
  function settle(): void {
    const room = desk.room !== null && desk.room.room_id === roomId.value ? desk.room : null
    const { stays, joins } = place.follow(room, link.connections)
    links.update(stays ? room : null)
    if (room === null || !stays) return
    void media.acquire('duty')
    if (joins) {
      link.request({ type: 'room.join', room_id: room.room_id, page_session: pageSession }).catch(console.warn)
      links.resend()
    }
  }
  watch([() => desk.room, roomId], settle)

  /** Takes the talk over from another window. */
  function goOnHere(): void {
    place.take(roomId.value)
    settle()
  }

  // The offer goes out behind the acceptance, on the same socket.
  desk.accepting.add((id) => {
    picture.await()
    if (id !== roomId.value) return
    goOnHere()
    links.open()
  })
  link.frames.add((frame) => {
    if (frame.type === 'room.signalled' && frame.room_id === roomId.value) links.receive(frame.sender, frame.payload)
  })
  window.addEventListener('pagehide', () => links.close())

  const watcher = new QualityWatch({
    link: () => {
      const peer = desk.room?.peers.find(({ role }) => role === 'kiosk')
      return peer && links.link(peer.peer_id)
    },
    face: () => face.value,
    changed: (now) => (quality.value = now),
    record: ({ number, at, points }) => {
      if (measured === null) return
      const record = { page_session: pageSession, number, at: new Date(at + skewMs.value).toISOString(), points }
      // Late points are no loss: the talk goes on without them.
      link.request({ type: 'quality.report', consultation_id: measured, ...record }, { keep: true }).catch(() => undefined)
    },
  })
  let measured: string | null = null
  watch([talking, state], ([now, line]) => {
    if (!now) return watcher.stop()
    // Before the first picture there is nothing to judge.
    if (line !== 'up') return
    measured = roomId.value
    watcher.start()
  })

  return { face, papers, state, quality, talking, elsewhere, arriving, goOnHere }
})
