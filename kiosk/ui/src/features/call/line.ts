import { lineQuality, type LinkStats, type PeerLink, readStats } from '@jiujin/shared'

export type Line = 'none' | 'good' | 'weak' | 'lost'

export interface LineReading {
  line: Line
  /** Sound arrives, pictures do not. */
  voiceOnly: boolean
}

/** Above these the talk is audibly worse (ITU-T G.114 names 400 ms one way as the limit). */
const WEAK_LOSS = 0.05
const WEAK_ROUND_TRIP_S = 0.5

/** What the resident is told about the line, from two readings of its statistics. */
export function judge(before: LinkStats, now: LinkStats): LineReading {
  const { loss } = lineQuality(before, now)
  const weak = loss > WEAK_LOSS || (now.roundTrip ?? 0) > WEAK_ROUND_TRIP_S
  return { line: weak ? 'weak' : 'good', voiceOnly: frames(now) === frames(before) }
}

function frames({ inbound }: LinkStats): number {
  return inbound.reduce((total, track) => total + track.framesDecoded, 0)
}

const EVERY_MS = 2000

/** Reads the line of the current link every two seconds; returns the function that stops it. */
export function watchLine(
  link: () => PeerLink | undefined,
  told: (reading: LineReading) => void,
): () => void {
  let before: LinkStats | null = null
  const look = async () => {
    const { connection } = link() ?? {}
    if (connection?.connectionState !== 'connected') {
      before = null
      return
    }
    const now = await readStats(connection)
    if (before !== null && now.at > before.at) told(judge(before, now))
    before = now
  }
  const handle = setInterval(() => void look().catch(console.warn), EVERY_MS)
  return () => clearInterval(handle)
}
