/** What one received track does; counters rise over the life of the connection. */
export interface InboundTrack {
  trackId: string
  kind: 'audio' | 'video'
  framesDecoded: number
  width: number
  height: number
  /** 0 to 1, of the last moment; 0 for video. */
  audioLevel: number
  packetsReceived: number
  packetsLost: number
  bytes: number
}

export interface LinkStats {
  /** Milliseconds, of the statistics' own clock. */
  at: number
  inbound: InboundTrack[]
  bytesSent: number
  /** Seconds, of the path in use; null before one is. */
  roundTrip: number | null
}

/** What the line did between two readings. */
export interface LineQuality {
  /** Share of packets that were lost on the way here, 0 to 1. */
  loss: number
  /** Bits per second. */
  received: number
  sent: number
}

export async function readStats(pc: RTCPeerConnection): Promise<LinkStats> {
  const stats: LinkStats = { at: 0, inbound: [], bytesSent: 0, roundTrip: null }
  const report = await pc.getStats()
  for (const entry of report.values() as Iterable<RTCStats>) {
    stats.at = Math.max(stats.at, entry.timestamp)
    if (entry.type === 'inbound-rtp') stats.inbound.push(inboundTrack(entry))
    if (entry.type === 'outbound-rtp') stats.bytesSent += (entry as RTCOutboundRtpStreamStats).bytesSent ?? 0
    if (entry.type === 'candidate-pair') {
      const pair = entry as RTCIceCandidatePairStats
      if (pair.nominated) stats.roundTrip = pair.currentRoundTripTime ?? stats.roundTrip
    }
  }
  return stats
}

function inboundTrack(entry: RTCStats): InboundTrack {
  const rtp = entry as RTCInboundRtpStreamStats
  return {
    trackId: rtp.trackIdentifier,
    kind: rtp.kind === 'audio' ? 'audio' : 'video',
    framesDecoded: rtp.framesDecoded ?? 0,
    width: rtp.frameWidth ?? 0,
    height: rtp.frameHeight ?? 0,
    audioLevel: rtp.audioLevel ?? 0,
    packetsReceived: rtp.packetsReceived ?? 0,
    packetsLost: rtp.packetsLost ?? 0,
    bytes: rtp.bytesReceived ?? 0,
  }
}

export function lineQuality(before: LinkStats, now: LinkStats): LineQuality {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000)
  const rise = (pick: (track: InboundTrack) => number) =>
    Math.max(0, sum(now.inbound.map(pick)) - sum(before.inbound.map(pick)))
  const lost = rise((track) => track.packetsLost)
  const arrived = rise((track) => track.packetsReceived)
  return {
    loss: lost === 0 ? 0 : lost / (lost + arrived),
    received: (8 * rise((track) => track.bytes)) / seconds,
    sent: (8 * Math.max(0, now.bytesSent - before.bytesSent)) / seconds,
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
