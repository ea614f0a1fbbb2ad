/** The two pictures a peer can send: the person, with sound, and the document camera. */
export type StreamKind = 'face' | 'desk'

/** One thing to send. The order of SLOTS is the order in the offer, the same at both ends. */
export type Slot = 'face.audio' | 'face.video' | 'desk.video'

export const SLOTS: readonly Slot[] = ['face.audio', 'face.video', 'desk.video']

export type LocalTracks = Partial<Record<Slot, MediaStreamTrack | null>>

export function kindOf(slot: Slot): StreamKind {
  return slot === 'desk.video' ? 'desk' : 'face'
}

export function mediaOf(slot: Slot): 'audio' | 'video' {
  return slot === 'face.audio' ? 'audio' : 'video'
}

/** What the desk may take of the line, bit/s: `python -m tests.bench.desk` reads 13-pixel text through it. */
const DESK_BITRATE = 1_400_000

/** A paper must stay sharp when the line is thin: fewer pictures rather than smaller ones, and twice the bits of the face. */
export function preferSharpness(track: MediaStreamTrack, sender: RTCRtpSender): void {
  track.contentHint = 'detail'
  const parameters = sender.getParameters()
  if (parameters.degradationPreference === 'maintain-resolution') return
  parameters.degradationPreference = 'maintain-resolution'
  for (const encoding of parameters.encodings) Object.assign(encoding, { maxBitrate: DESK_BITRATE, priority: 'medium' })
  sender.setParameters(parameters).catch((error: unknown) => console.warn('desk sender', error))
}

/**
 * Through an engine the face goes out in two sizes, of which it forwards to each of the others the one
 * that suits their line. The larger one comes first. Chromium makes no third one of 640 × 360.
 */
export const FACE_SIZES: readonly RTCRtpEncodingParameters[] = [
  { rid: 'h', maxBitrate: 600_000, scaleResolutionDownBy: 1 },
  { rid: 'l', maxBitrate: 150_000, scaleResolutionDownBy: 2 },
]

/** Tracks of a camera and microphone stream, as slots. */
export function faceTracks(stream: MediaStream | null): LocalTracks {
  return {
    'face.audio': stream?.getAudioTracks()[0] ?? null,
    'face.video': stream?.getVideoTracks()[0] ?? null,
  }
}
