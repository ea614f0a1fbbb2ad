import type { IceServer, PeerView, RoomView } from '../generated/center'
import type { Timers } from '../wire/timers.ts'
import type { LocalTracks, StreamKind } from './local-tracks.ts'
import { type LinkState, PeerLink } from './peer-link.ts'

export interface RoomLinksOptions {
  /** Instance of this page: random for each load. */
  session: string
  send: (roomId: string, to: string, payload: string) => void
  onTrack: (peer: PeerView, kind: StreamKind, stream: MediaStream) => void
  onState: (peer: PeerView, state: LinkState) => void
  /** A peer's link was closed; what it showed is over. */
  onGone?: (peerId: string) => void
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection
  timers?: Timers
}

/**
 * The links of one room. A link lives as long as the two pages at its ends: it outlives sockets,
 * and a restart of the center; a page that was loaded anew gets a new link.
 */
export class RoomLinks {
  private roomId: string | null = null
  private tracks: LocalTracks = {}
  private readonly links = new Map<string, PeerLink>()

  constructor(private readonly options: RoomLinksOptions) {}

  /** Follows what the center says of the room; null when there is none any more. */
  update(room: RoomView | null): void {
    if (room === null || room.room_id !== this.roomId) this.closeAll()
    this.roomId = room?.room_id ?? null
    if (room === null) return
    const members = new Set(room.peers.map((peer) => peer.peer_id))
    for (const peerId of [...this.links.keys()]) if (!members.has(peerId)) this.drop(peerId)
    for (const peer of room.peers) this.follow(room, peer)
  }

  receive(sender: string, payload: string): void {
    this.links.get(sender)?.receive(payload)
  }

  /** Sends these tracks to everybody, now and later; a slot that is not named stays as it is. */
  setTracks(tracks: LocalTracks): void {
    this.tracks = { ...this.tracks, ...tracks }
    for (const link of this.links.values()) link.setTracks(tracks)
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
    this.roomId = null
  }

  private follow(room: RoomView, peer: PeerView): void {
    // An absent page may still be there behind a dead socket, so its link stays.
    if (peer.page_session === null) return
    const known = this.links.get(peer.peer_id)
    if (known?.toSession === peer.page_session) {
      known.resend()
      return
    }
    this.drop(peer.peer_id)
    this.links.set(peer.peer_id, this.connect(room, peer, peer.page_session))
  }

  private connect(room: RoomView, peer: PeerView, toSession: string): PeerLink {
    const { session, send, onTrack, onState, createConnection, timers } = this.options
    return new PeerLink({
      polite: peer.polite,
      iceServers: room.ice_servers.map(configured),
      session,
      toSession,
      tracks: this.tracks,
      send: (payload) => send(room.room_id, peer.peer_id, payload),
      onTrack: (kind, stream) => onTrack(peer, kind, stream),
      onState: (state) => onState(peer, state),
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
    for (const peerId of [...this.links.keys()]) this.drop(peerId)
  }
}

function configured({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls: [...urls],
    ...(username !== null && { username }),
    ...(credential !== null && { credential }),
  }
}
