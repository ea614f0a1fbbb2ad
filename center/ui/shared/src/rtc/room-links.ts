import type { IceServer, PeerView, RoomView } from '../generated/center'
import type { Timers } from '../wire/timers.ts'
import { type LocalTracks, type Slot, SLOTS, type StreamKind } from './local-tracks.ts'
import type { LinkState } from './line-watch.ts'
import { type IceConfiguration, PeerLink } from './peer-link.ts'
import type { PeerReport } from './quality/report.ts'

export interface RoomLinksOptions {
  /** Instance of this page: random for each load. */
  session: string
  send: (roomId: string, to: string, payload: string) => void
  onTrack: (peer: PeerView, kind: StreamKind, stream: MediaStream) => void
  onState: (peer: PeerView, state: LinkState) => void
  onQuality?: (peer: PeerView, report: PeerReport) => void
  /** A peer's link was closed; what it showed is over. */
  onGone?: (peerId: string) => void
  /** What is sent to one of the peers is something else now; see `sends`. */
  onSending?: () => void
  /** What is wanted of each person unless `watch` says otherwise; everything. */
  watches?: readonly Slot[]
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection
  timers?: Timers
}

/** What of a peer is kept that the room does not show yet: its first flight, and a little more. */
const EARLY_PAYLOADS = 16

/**
 * The links of one room. A link lives as long as the two pages at its ends: it outlives sockets,
 * and a restart of the center; a page that was loaded anew gets a new link. While the room is not
 * open, links connect, but send neither sound nor picture.
 */
export class RoomLinks {
  private room: RoomView | null = null
  private tracks: LocalTracks = {}
  private readonly links = new Map<string, PeerLink>()
  private readonly watched = new Map<string, readonly Slot[]>()
  private online = new Set<string>()
  private accepted = false
  private made = 0
  private early: { sender: string; payload: string }[] = []

  constructor(private readonly options: RoomLinksOptions) {}

  /** Follows what the center says of the room; null when there is none any more. */
  update(room: RoomView | null): void {
    if (this.room !== null && room?.room_id !== this.room.room_id) this.closeAll()
    this.room = room
    if (room === null) return
    const members = new Set(room.peers.map((peer) => peer.peer_id))
    for (const peerId of [...this.links.keys()]) if (!members.has(peerId)) this.drop(peerId)
    for (const peer of room.peers) this.follow(room, peer)
    this.online = new Set(room.peers.filter((peer) => peer.online).map((peer) => peer.peer_id))
  }

  /** Signalling may overtake the news of its sender's page, and waits for it then. */
  receive(sender: string, payload: string): void {
    const link = this.links.get(sender)
    if (link !== undefined) link.receive(payload)
    else this.early = [...this.early, { sender, payload }].slice(-EARLY_PAYLOADS)
  }

  /** This side accepted: does not wait for the center's word that the room is open. */
  open(): void {
    this.accepted = true
    for (const link of this.links.values()) link.open()
  }

  /** Sends these tracks to whoever may get them, now and later; a slot that is not named stays as it is. */
  setTracks(tracks: LocalTracks): void {
    this.tracks = { ...this.tracks, ...tracks }
    for (const peer of this.room?.peers ?? []) this.links.get(peer.peer_id)?.setTracks(this.tracksFor(peer))
  }

  /** Wants these slots of this person, and no others, whatever link they come over. */
  watch(peerId: string, slots: readonly Slot[]): void {
    this.watched.set(peerId, slots)
    this.links.get(peerId)?.watch(slots)
  }

  /** Whether there is anybody to whom this slot goes out. */
  sends(slot: Slot): boolean {
    return [...this.links.values()].some((link) => !link.over && link.sender(slot)?.track)
  }

  /** Signalling is back: whatever was not acknowledged goes out again. */
  resend(): void {
    for (const link of this.links.values()) link.resend()
  }

  link(peerId: string): PeerLink | undefined {
    return this.links.get(peerId)
  }

  close(): void {
    this.closeAll()
    this.room = null
  }

  private follow(room: RoomView, peer: PeerView): void {
    const known = this.links.get(peer.peer_id)
    // An absent page may still be there behind a dead socket, so its link stays.
    if (peer.page_session === null) return known?.setTracks(this.tracksFor(peer))
    if (known?.toSession === peer.page_session && !known.over) {
      known.setIce(iceOf(room))
      known.setTracks(this.tracksFor(peer))
      known.share(isShared(room))
      if (room.open) known.open()
      // What was said while its socket was cut did not reach it.
      if (peer.online && !this.online.has(peer.peer_id)) known.resend()
      return
    }
    this.begin(room, peer, peer.page_session)
    this.hearEarly(peer.peer_id)
  }

  /** What the room does not let this peer have (any more) is not sent to it at all. */
  private tracksFor(peer: PeerView): LocalTracks {
    const { send } = this.room?.peers.find(({ peer_id }) => peer_id === peer.peer_id) ?? peer
    const allowed = SLOTS.map((slot) => [slot, send.includes(slot) ? this.tracks[slot] : null] as const)
    return Object.fromEntries(allowed.filter(([, track]) => track !== undefined))
  }

  /** A new link to the same page; what it showed last stays until the new link shows it again. */
  private renew(room: RoomView, peer: PeerView, toSession: string): void {
    this.links.get(peer.peer_id)?.giveWay()
    this.links.set(peer.peer_id, this.connect(room, peer, toSession))
  }

  private begin(room: RoomView, peer: PeerView, toSession: string): void {
    this.drop(peer.peer_id)
    this.links.set(peer.peer_id, this.connect(room, peer, toSession))
  }

  private hearEarly(peerId: string): void {
    const heard = this.early.filter(({ sender }) => sender === peerId)
    this.early = this.early.filter(({ sender }) => sender !== peerId)
    for (const { payload } of heard) this.receive(peerId, payload)
  }

  /** Engine and recorder are nobody to be looked at. */
  private watchedOf({ peer_id, role }: PeerView): readonly Slot[] {
    if (role === 'engine' || role === 'recorder') return SLOTS
    return this.watched.get(peer_id) ?? this.options.watches ?? SLOTS
  }

  private connect(room: RoomView, peer: PeerView, toSession: string): PeerLink {
    const { session, send, onTrack, onState, onQuality, onSending, createConnection, timers } = this.options
    return new PeerLink({
      room: room.room_id,
      polite: peer.polite,
      toEngine: peer.role === 'engine',
      open: room.open || this.accepted,
      shared: isShared(room),
      watches: this.watchedOf(peer),
      ice: iceOf(room),
      session,
      toSession,
      link: (this.made += 1),
      tracks: this.tracksFor(peer),
      send: (payload) => send(room.room_id, peer.peer_id, payload),
      onHopeless: () => this.renew(this.room ?? room, peer, toSession),
      onTrack: (kind, stream) => onTrack(peer, kind, stream),
      onState: (state) => onState(peer, state),
      onQuality: (report) => onQuality?.(peer, report),
      onRenewed: (payload) => {
        this.renew(this.room ?? room, peer, toSession)
        this.receive(peer.peer_id, payload)
      },
      ...(onSending && { onSending }),
      ...(createConnection && { createConnection }),
      ...(timers && { timers }),
    })
  }

  private drop(peerId: string): void {
    const link = this.links.get(peerId)
    if (link === undefined) return
    this.links.delete(peerId)
    link.close()
    this.options.onGone?.(peerId)
  }

  private closeAll(): void {
    this.early = []
    this.accepted = false
    this.watched.clear()
    for (const peerId of [...this.links.keys()]) this.drop(peerId)
  }
}

/** Whether several people see this page, each by a link of their own: an engine does not need that. */
function isShared({ peers }: RoomView): boolean {
  const people = peers.filter(({ role }) => role === 'kiosk' || role === 'staff')
  return people.length > 1 && !peers.some(({ role }) => role === 'engine')
}

function iceOf({ ice_servers, ice_transport_policy }: RoomView): IceConfiguration {
  return { iceServers: ice_servers.map(configured), iceTransportPolicy: ice_transport_policy }
}

export function configured({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls: [...urls],
    ...(username !== null && { username }),
    ...(credential !== null && { credential }),
  }
}
