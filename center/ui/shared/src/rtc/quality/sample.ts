import { type InboundTrack, type LinkStats, type RemoteReport, sum } from '../stats.ts'
import { rating } from './e-model.ts'

/** What happened on a link between two readings. */
export interface Sample {
  seconds: number
  /** Transmission rating of the sound that arrived, 0 to 93.2; null when no sound arrived. */
  rating: number | null
  /** Of the sound as it leaves: null without a fresh word from the other side. */
  sentRating: number | null
  /** Share of one's own sound that was lost on the way, 0 to 1; null without a fresh word as well. */
  sentSoundLoss: number | null
  /** Share of packets lost on the way here, 0 to 1. */
  loss: number
  /** Seconds. */
  roundTrip: number | null
  jitter: number
  /** Bits per second; `available` is what the line is thought to take. */
  received: number
  sent: number
  available: number | null
  packets: number
  soundPackets: number
  /** Whether anything but digital silence came, and went into the microphone (null: none is sent). */
  sounded: boolean
  microphoneSounded: boolean | null
  /** Frames of the face, and what was seen to stand still in any picture. */
  frames: number
  freezes: number
  frozen: number
}

/** Figures between two readings of one connection; `face` is the id of the picture track of the person. */
export function measure(before: LinkStats, now: LinkStats, face: string | null): Sample {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000)
  const rise = (pick: (track: InboundTrack) => number, tracks = now.inbound) =>
    Math.max(0, sum(tracks.map((track) => pick(track) - earlier(before, track, pick))))
  const sound = now.inbound.filter(({ kind }) => kind === 'audio')
  const packets = rise((track) => track.packetsReceived)
  const soundPackets = rise((track) => track.packetsReceived, sound)
  const lost = rise((track) => track.packetsLost)
  const told = freshReports(before, now)
  return {
    seconds,
    rating: soundPackets === 0 ? null : hearing(now, sound, rise),
    sentRating: sentRating(now, told),
    sentSoundLoss: worstLoss(told.filter(({ kind }) => kind === 'audio')),
    loss: share(lost, packets + lost),
    roundTrip: now.roundTrip,
    jitter: Math.max(0, ...sound.map(({ jitter }) => jitter)),
    received: (8 * rise((track) => track.bytes)) / seconds,
    sent: (8 * Math.max(0, now.bytesSent - before.bytesSent)) / seconds,
    available: now.available,
    packets,
    soundPackets,
    sounded: rise((track) => track.audioEnergy, sound) > 0,
    microphoneSounded: now.microphoneEnergy === null ? null : now.microphoneEnergy > (before.microphoneEnergy ?? 0),
    frames: rise((track) => track.framesDecoded, now.inbound.filter(({ trackId }) => trackId === face)),
    freezes: rise((track) => track.freezes),
    frozen: rise((track) => track.frozen),
  }
}

type Rise = (pick: (track: InboundTrack) => number, tracks: InboundTrack[]) => number

function hearing(now: LinkStats, sound: InboundTrack[], rise: Rise): number {
  return rating({
    missing: share(rise((track) => track.concealed, sound), rise((track) => track.samples, sound)),
    roundTrip: now.roundTrip ?? 0,
    buffer: share(rise((track) => track.buffered, sound), rise((track) => track.emitted, sound)),
  })
}

/** The same for the other direction: without its jitter buffer, and before its error correction. */
function sentRating(now: LinkStats, told: RemoteReport[]): number | null {
  const missing = worstLoss(told)
  return missing === null ? null : rating({ missing, roundTrip: now.roundTrip ?? 0, buffer: 0 })
}

function worstLoss(told: RemoteReport[]): number | null {
  return told.length === 0 ? null : Math.max(...told.map(({ fractionLost }) => fractionLost))
}

/** What the other side reports; a report that was there before says nothing of now. */
function freshReports(before: LinkStats, now: LinkStats): RemoteReport[] {
  const known = new Map(before.remote.map(({ kind, reports }) => [kind, reports]))
  return now.remote.filter(({ kind, reports }) => reports > (known.get(kind) ?? 0))
}

function earlier(before: LinkStats, track: InboundTrack, pick: (track: InboundTrack) => number): number {
  const same = before.inbound.find(({ trackId, kind }) => trackId === track.trackId && kind === track.kind)
  return same === undefined ? 0 : pick(same)
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, part / whole)
}
