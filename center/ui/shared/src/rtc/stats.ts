/** What one received track does; counters rise over the life of the connection. */
export interface InboundTrack {
  trackId: string
  kind: 'audio' | 'video'
  packetsReceived: number
  packetsLost: number
  bytes: number
  /** Seconds, of the packets' arrival. */
  jitter: number
  /** Seconds that what was played had waited in the jitter buffer, and how many samples or frames that were. */
  buffered: number
  emitted: number
  framesDecoded: number
  width: number
  height: number
  /** Gaps in the picture that a person sees, and their seconds. */
  freezes: number
  frozen: number
  /** 0 to 1, of the last moment; 0 for video. */
  audioLevel: number
  /** Rises with the square of the level and with time; stands still in digital silence. */
  audioEnergy: number
  /** Samples played, and those of them that were made up where a person hears it. */
  samples: number
  concealed: number
}

/** What the other side says of a track that it receives. */
export interface RemoteReport {
  kind: 'audio' | 'video'
  /** Share of packets lost in the time of its newest report, 0 to 1. */
  fractionLost: number
  /** Rises with each report. */
  reports: number
}

export interface LinkStats {
  /** Milliseconds, of the statistics' own clock. */
  at: number
  inbound: InboundTrack[]
  remote: RemoteReport[]
  bytesSent: number
  /** Energy of one's own microphone, as `audioEnergy`; null when none is sent. */
  microphoneEnergy: number | null
  /** Seconds, of the path in use; null before one is. */
  roundTrip: number | null
  /** Bits per second that the line is thought to take; null before anybody thinks so. */
  available: number | null
}

export async function readStats(pc: RTCPeerConnection): Promise<LinkStats> {
  const report = await pc.getStats()
  const entries = [...(report.values() as Iterable<RTCStats>)]
  const of = <Entry extends RTCStats>(type: RTCStatsType) =>
    entries.filter((entry) => entry.type === type) as Entry[]
  const pair = selectedPair(of('transport'), of('candidate-pair'))
  return {
    at: Math.max(0, ...entries.map(({ timestamp }) => timestamp)),
    inbound: of<RTCInboundRtpStreamStats>('inbound-rtp').map(inboundTrack),
    remote: of<RTCRemoteInboundRtpStats>('remote-inbound-rtp').map(remoteReport),
    bytesSent: sum(of<RTCOutboundRtpStreamStats>('outbound-rtp').map(({ bytesSent }) => bytesSent ?? 0)),
    microphoneEnergy: of<RTCAudioSourceStats>('media-source').find(({ kind }) => kind === 'audio')?.totalAudioEnergy ?? null,
    roundTrip: pair?.currentRoundTripTime ?? null,
    available: pair?.availableOutgoingBitrate ?? null,
  }
}

/** After an ICE restart several pairs are nominated; the transport says which is in use. */
function selectedPair(
  transports: RTCTransportStats[],
  pairs: RTCIceCandidatePairStats[],
): RTCIceCandidatePairStats | undefined {
  const id = transports.find(({ selectedCandidatePairId }) => selectedCandidatePairId)?.selectedCandidatePairId
  return pairs.find((pair) => pair.id === id) ?? pairs.find(({ nominated }) => nominated)
}

function inboundTrack(rtp: RTCInboundRtpStreamStats): InboundTrack {
  return {
    trackId: rtp.trackIdentifier,
    kind: rtp.kind === 'audio' ? 'audio' : 'video',
    packetsReceived: rtp.packetsReceived ?? 0,
    packetsLost: rtp.packetsLost ?? 0,
    bytes: rtp.bytesReceived ?? 0,
    jitter: rtp.jitter ?? 0,
    buffered: rtp.jitterBufferDelay ?? 0,
    emitted: rtp.jitterBufferEmittedCount ?? 0,
    framesDecoded: rtp.framesDecoded ?? 0,
    width: rtp.frameWidth ?? 0,
    height: rtp.frameHeight ?? 0,
    freezes: rtp.freezeCount ?? 0,
    frozen: rtp.totalFreezesDuration ?? 0,
    audioLevel: rtp.audioLevel ?? 0,
    audioEnergy: rtp.totalAudioEnergy ?? 0,
    samples: rtp.totalSamplesReceived ?? 0,
    concealed: (rtp.concealedSamples ?? 0) - (rtp.silentConcealedSamples ?? 0),
  }
}

/** The DOM library does not know these entries. */
interface RTCRemoteInboundRtpStats extends RTCReceivedRtpStreamStats {
  fractionLost?: number
  roundTripTimeMeasurements?: number
}

interface RTCAudioSourceStats extends RTCStats {
  kind: string
  totalAudioEnergy?: number
}

function remoteReport({ kind, fractionLost, roundTripTimeMeasurements }: RTCRemoteInboundRtpStats): RemoteReport {
  return {
    kind: kind === 'audio' ? 'audio' : 'video',
    fractionLost: fractionLost ?? 0,
    reports: roundTripTimeMeasurements ?? 0,
  }
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
