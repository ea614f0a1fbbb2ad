import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

import {
  faceTracks,
  type MediationCreate,
  type MediationMade,
  type MediationView,
  NOTHING_KNOWN,
  ownSeat,
  pageSession,
  RoomLinks,
  type RoomQuality,
  type RoomView,
  RoomWatch,
  type SeatView,
  type Slot,
  sizeForRoom,
  SLOTS,
  type StaffMediationAct,
  type StreamKind,
} from '@jiujin/shared'
import { askJson } from '@jiujin/shared/wire/http'

import { skewMs } from '../../lib/clock.ts'
import { notifyFailure } from '../../lib/notify.ts'
import { useMedia } from '../duty/media.ts'
import { useLink } from '../link/store.ts'
import { useDesk } from '../queue/store.ts'

export type Act = StaffMediationAct['act']
type Streams = Readonly<Record<string, MediaStream>>

/** Papers cost the kiosk's processor and line more than a face, so they are sent while they are looked at. */
const FACE: readonly Slot[] = ['face.audio', 'face.video']

/** The mediations of this person, and the media of the room they are in. */
export const useMediations = defineStore('mediations', () => {
  const link = useLink()
  const desk = useDesk()
  const media = useMedia()
  const list = shallowRef<readonly MediationView[]>([])
  const shown = ref(false)
  const selectedId = ref<string | null>(null)
  const room = shallowRef<RoomView | null>(null)
  const faces = shallowRef<Streams>({})
  const desks = shallowRef<Streams>({})
  const quality = shallowRef<RoomQuality>(NOTHING_KNOWN)
  const selected = computed(() => list.value.find(({ mediation_id }) => mediation_id === selectedId.value) ?? null)
  const roomId = computed(() => list.value.find(isIn)?.mediation_id ?? null)

  const links = new RoomLinks({
    session: pageSession,
    watches: FACE,
    send: (room_id, to, payload) =>
      void link.request({ type: 'room.signal', room_id, to, payload }).catch(() => undefined),
    onTrack: (peer, kind, stream) => show(peer.peer_id, kind, stream),
    onState: ({ peer_id, role }, state) => state === 'up' && role !== 'recorder' && watcher.up(peer_id),
    onQuality: ({ peer_id }, report) => watcher.heard(peer_id, report),
    onGone: (peer) => {
      watcher.gone(peer)
      faces.value = without(faces.value, peer)
      desks.value = without(desks.value, peer)
    },
  })

  const watcher = new RoomWatch({
    link: (peer) => links.link(peer),
    face: (peer) => faces.value[peer] ?? null,
    may: (peer, slot) => room.value?.peers.find(({ peer_id }) => peer_id === peer)?.send.includes(slot) ?? false,
    changed: (now) => (quality.value = now),
    record: (peer_id, { number, at, points }) => {
      if (room.value === null) return
      const record = { page_session: pageSession, number, at: new Date(at + skewMs.value).toISOString(), points }
      // Late points are no loss: the talk goes on without them.
      link.request({ type: 'mediation.quality', mediation_id: room.value.room_id, peer_id, ...record }, { keep: true }).catch(() => undefined)
    },
  })

  function show(peer: string, kind: StreamKind, stream: MediaStream): void {
    const into = kind === 'desk' ? desks : faces
    into.value = { ...into.value, [peer]: stream }
  }

  function lookAtPapers(peer: string, on: boolean): void {
    links.watch(peer, on ? SLOTS : FACE)
  }

  link.frames.add((frame) => {
    if (frame.type === 'mediations.state') list.value = frame.mediations
    else if (frame.type === 'room.state' && frame.room.room_id === roomId.value) follow(frame.room)
    else if (frame.type === 'room.closed' && frame.room_id === room.value?.room_id) follow(null)
    else if (frame.type === 'room.signalled' && frame.room_id === roomId.value) links.receive(frame.sender, frame.payload)
  })

  /** What is cut off is cut here before anything says so. */
  function follow(next: RoomView | null): void {
    // What was measured last is of the room before.
    if (next === null) watcher.stop()
    room.value = next
    links.update(next)
  }

  watch(
    () => media.stream,
    (stream) => links.setTracks(faceTracks(stream)),
    { immediate: true },
  )
  watch([() => media.stream, roomId], ([stream, id], [, before]) => {
    if (id !== null || before != null) sizeForRoom(stream, id !== null)
  })
  watch([roomId, () => link.connections], ([id]) => {
    if (id === null) {
      media.release('mediation')
      return follow(null)
    }
    void media.acquire('mediation')
    if (link.state !== 'online') return
    if (desk.room?.room_id === id) follow(desk.room)
    links.resend()
    link.request({ type: 'room.join', room_id: id, page_session: pageSession }).catch(console.warn)
  })
  window.addEventListener('pagehide', () => links.close())

  /** True when it was carried out; a refusal is told in words. */
  function act(mediation: MediationView, what: Act): Promise<boolean> {
    return desk.ask({ type: 'mediation.act', mediation_id: mediation.mediation_id, act: what })
  }

  async function convene(body: MediationCreate): Promise<boolean> {
    return attempt(async () => {
      const made = await askJson<MediationMade>('POST', '/api/mediations', body)
      selectedId.value = made.mediation_id
    })
  }

  async function seal({ mediation_id }: MediationView): Promise<boolean> {
    return attempt(() => askJson('POST', `/api/mediations/${mediation_id}/seal`))
  }

  /** Somebody else may sign in here. */
  function reset(): void {
    list.value = []
    shown.value = false
    selectedId.value = null
    follow(null)
  }

  return { list, shown, selectedId, selected, roomId, faces, desks, quality, lookAtPapers, act, convene, seal, reset }
})

async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    notifyFailure(error)
    return false
  }
}

function isIn(mediation: MediationView): boolean {
  return mediation.state === 'open' && ownSeat(mediation).state === 'admitted'
}

function without(streams: Streams, peer: SeatView['peer_id']): Streams {
  return Object.fromEntries(Object.entries(streams).filter(([other]) => other !== peer))
}
