import type { LineCheck } from '../generated/center'
import { checkCamera, checkLoudspeaker, checkMicrophone } from './devices.ts'
import { reaches, relayLoss, within } from './relays.ts'
import { rate, roundTrip, transfers } from './transfer.ts'

export interface LineCheckOptions {
  /** Camera and microphone, open; null when they did not open. */
  stream: MediaStream | null
  /** Where bytes go to the center and come from. */
  path: string
  iceServers: RTCIceServer[]
  /** Whether a tone may be played. */
  audible: boolean
  /** Gives up: what is known by then is told. */
  signal?: AbortSignal
}

export interface CheckTools {
  camera: typeof checkCamera
  microphone: typeof checkMicrophone
  loudspeaker: typeof checkLoudspeaker
  transfers: typeof transfers
  reaches: typeof reaches
  relayLoss: typeof relayLoss
}

const TOOLS: CheckTools = { camera: checkCamera, microphone: checkMicrophone, loudspeaker: checkLoudspeaker, transfers, reaches, relayLoss }

/** The whole check ends within this, whatever hangs. */
const DEADLINE_MS = 5000
const RATE_MS = 700

/**
 * Looks at everything a talk needs, in five seconds at most: devices, the way to the center, relays.
 * Rates come last, since they fill the line that the others are measured on.
 */
export async function checkLine(options: LineCheckOptions, tools: CheckTools = TOOLS): Promise<LineCheck> {
  const deadline = AbortSignal.timeout(DEADLINE_MS)
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline
  const { down, up } = tools.transfers(options.path)
  const known = unknown(options)
  const note = <Key extends keyof LineCheck>(key: Key, found: Promise<LineCheck[Key]>) =>
    found.then((value) => (known[key] = value)).catch((error: unknown) => console.warn('line check', key, error))
  const devices = [
    note('camera', tools.camera(options.stream, signal)),
    note('microphone', tools.microphone(options.stream, signal)),
    note('loudspeaker', tools.loudspeaker(options.audible, signal)),
  ]
  const line = async () => {
    const relays = relaysOf(options.iceServers, tools, signal, note)
    await note('round_trip_ms', roundTrip(down, signal).then(whole))
    await relays
    await note('down_kbps', rate(down, RATE_MS, signal).then(whole))
    await note('up_kbps', rate(up, RATE_MS, signal).then(whole))
  }
  await within(Promise.all([...devices, line()]).then(() => null), DEADLINE_MS, signal, null)
  return known
}

type Note = <Key extends keyof LineCheck>(key: Key, found: Promise<LineCheck[Key]>) => Promise<unknown>

async function relaysOf(servers: RTCIceServer[], tools: CheckTools, signal: AbortSignal, note: Note): Promise<void> {
  const reached = await Promise.all(servers.map((server) => tools.reaches(server, signal)))
  await note('relays_reached', Promise.resolve(reached.filter(Boolean).length))
  const nearest = servers[reached.indexOf(true)]
  if (nearest !== undefined) await note('loss', tools.relayLoss(nearest, signal))
}

/** Nothing was found yet; a device that does not answer in time is as good as none. */
function unknown({ iceServers }: LineCheckOptions): LineCheck {
  return {
    camera: 'missing',
    microphone: 'missing',
    loudspeaker: 'missing',
    round_trip_ms: null,
    loss: null,
    down_kbps: null,
    up_kbps: null,
    relays: iceServers.length,
    relays_reached: 0,
  }
}

function whole(value: number | null): number | null {
  return value === null ? null : Math.round(value)
}

/** What is too little for a talk with picture, by name; nothing when all is well. */
export function shortcomings(check: LineCheck): (keyof LineCheck)[] {
  const bad: Partial<Record<keyof LineCheck, boolean>> = {
    camera: check.camera !== 'ok',
    microphone: check.microphone !== 'ok',
    loudspeaker: check.loudspeaker === 'missing',
    round_trip_ms: (check.round_trip_ms ?? Infinity) > ROUND_TRIP_MS,
    loss: (check.loss ?? 0) > LOSS,
    down_kbps: (check.down_kbps ?? 0) < NEEDED_KBPS,
    up_kbps: (check.up_kbps ?? 0) < NEEDED_KBPS,
    relays_reached: check.relays_reached < check.relays,
  }
  return (Object.keys(bad) as (keyof LineCheck)[]).filter((name) => bad[name])
}

/** A voice, a small picture and papers. */
const NEEDED_KBPS = 500
/** Opus conceals less than this well; ITU-T G.114 advises against 400 ms one way. */
const LOSS = 0.03
const ROUND_TRIP_MS = 400
