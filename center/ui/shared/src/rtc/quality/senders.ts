import type { Slot } from '../local-tracks.ts'
import type { Rung } from './ladder.ts'

/** What a rung takes from a picture; what is not named stays as it was. */
interface Cap {
  active?: boolean | undefined
  maxBitrate?: number | undefined
  maxFramerate?: number | undefined
  scaleResolutionDownBy?: number | undefined
}

/** Papers are what the talk is about: they get slower, never smaller, and are not switched off. */
const CAPS: Record<Rung, Partial<Record<Slot, Cap>>> = {
  full: {},
  small: {
    'face.video': { maxBitrate: 150_000, maxFramerate: 15, scaleResolutionDownBy: 2 },
    'desk.video': { maxBitrate: 300_000 },
  },
  paused: {
    'face.video': { active: false },
    'desk.video': { maxBitrate: 100_000, maxFramerate: 2 },
  },
}
const PICTURES: readonly Slot[] = ['face.video', 'desk.video']

type Senders = (slot: Slot) => RTCRtpSender | undefined

/** Puts a rung into the senders of one connection, and takes it back. */
export class PictureSenders {
  private readonly original = new Map<RTCRtpSender, Cap>()
  private readonly done = new Map<RTCRtpSender, Rung>()
  private busy = false

  constructor(private readonly senders: Senders) {}

  /** Again is cheap; what failed (another change was under way) is tried again by the next call. */
  async apply(rung: Rung): Promise<void> {
    if (this.busy) return
    this.busy = true
    try {
      await preferSound(this.senders('face.audio'))
      for (const slot of PICTURES) await this.set(slot, rung)
    } catch (error) {
      console.warn('sender parameters', error)
    } finally {
      this.busy = false
    }
  }

  private async set(slot: Slot, rung: Rung): Promise<void> {
    const sender = this.senders(slot)
    if (sender === undefined || (this.done.get(sender) ?? 'full') === rung) return
    const parameters = sender.getParameters()
    const [encoding] = parameters.encodings
    if (encoding === undefined) return
    const original = this.original.get(sender) ?? capsOf(encoding)
    this.original.set(sender, original)
    parameters.encodings[0] = defined({ ...encoding, ...lower(original, CAPS[rung][slot] ?? {}) })
    await sender.setParameters(parameters)
    this.done.set(sender, rung)
  }
}

function capsOf({ active, maxBitrate, maxFramerate, scaleResolutionDownBy }: RTCRtpEncodingParameters): Cap {
  return { active, maxBitrate, maxFramerate, scaleResolutionDownBy }
}

/** A cap never gives more than there was. */
function lower(original: Cap, cap: Cap): Cap {
  return {
    ...original,
    ...cap,
    maxBitrate: least(original.maxBitrate, cap.maxBitrate),
    maxFramerate: least(original.maxFramerate, cap.maxFramerate),
  }
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

/** Chromium takes a member that is undefined for an error. */
function defined(encoding: Partial<Record<keyof RTCRtpEncodingParameters, unknown>>): RTCRtpEncodingParameters {
  return Object.fromEntries(Object.entries(encoding).filter(([, value]) => value !== undefined))
}

/** Where bits are short, and in routers that look at DSCP, the voice goes first. */
async function preferSound(sender: RTCRtpSender | undefined): Promise<void> {
  const parameters = sender?.getParameters()
  const [encoding] = parameters?.encodings ?? []
  if (sender === undefined || parameters === undefined || encoding === undefined || encoding.priority === 'high') return
  Object.assign(encoding, { priority: 'high', networkPriority: 'high' })
  await sender.setParameters(parameters)
}
