import type { Slot } from '../local-tracks.ts'
import type { Rung } from './ladder.ts'

/** What a rung takes from a picture; what is not named stays as it was. */
interface Cap {
  active?: boolean | undefined
  maxBitrate?: number | undefined
  maxFramerate?: number | undefined
  scaleResolutionDownBy?: number | undefined
}

const UNCAPPED: Cap = {}

/** What a picture is sent as: a rung of the ladder, or one of two steps that have other reasons than the line. */
export type Step = Rung | 'first' | 'shared'

/**
 * Papers are what the talk is about: they get slower, never smaller, and are not switched off.
 *
 * `first`: of a line that is not known yet Chromium presumes 300 kbit/s, and leaves out picture after
 * picture that is too large for it. One of half the size goes out at once: a third of the time.
 *
 * `shared`: several people see the same page's picture, each by a link of their own. It is a tile among others there, and
 * three of half the size cost a thin uplink and a small processor less than one of full size.
 */
const CAPS: Record<Step, Partial<Record<Slot, Cap>>> = {
  first: { 'face.video': { scaleResolutionDownBy: 2 } },
  shared: {
    'face.video': { maxBitrate: 350_000, scaleResolutionDownBy: 2 },
    'desk.video': { maxBitrate: 700_000 },
  },
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

/**
 * Puts a step into the senders of one connection, and takes it back. A picture that goes out in two
 * sizes gets smaller by leaving out the large one.
 */
export class PictureSenders {
  private readonly original = new Map<RTCRtpSender, Cap[]>()
  private readonly done = new Map<RTCRtpSender, Cap>()
  private preferred: RTCRtpSender | null = null

  constructor(private readonly senders: Senders) {}

  /** Again is cheap; what failed is tried again by the next call. One call is to wait for the other. */
  async apply(step: Step): Promise<void> {
    try {
      await this.preferSound(this.senders('face.audio'))
      for (const slot of PICTURES) await this.set(slot, CAPS[step][slot] ?? UNCAPPED)
    } catch (error) {
      console.warn('sender parameters', error)
    }
  }

  /** Where bits are short, and in routers that look at DSCP, the voice goes first. */
  private async preferSound(sender: RTCRtpSender | undefined): Promise<void> {
    // To ask a sender costs the page's own thread a wait for those of the media.
    if (sender === undefined || sender === this.preferred) return
    const parameters = sender.getParameters()
    const [encoding] = parameters.encodings
    if (encoding === undefined) return
    Object.assign(encoding, { priority: 'high', networkPriority: 'high' })
    await sender.setParameters(parameters)
    this.preferred = sender
  }

  private async set(slot: Slot, cap: Cap): Promise<void> {
    const sender = this.senders(slot)
    if (sender === undefined || (this.done.get(sender) ?? UNCAPPED) === cap) return
    const parameters = sender.getParameters()
    const original = this.original.get(sender) ?? parameters.encodings.map(capsOf)
    if (original.length === 0) return
    this.original.set(sender, original)
    const capAt = original.length === 1 ? () => cap : (at: number) => ofSize(at, cap)
    parameters.encodings = parameters.encodings.map((encoding, at) => defined({ ...encoding, ...lower(original[at] ?? UNCAPPED, capAt(at)) }))
    await sender.setParameters(parameters)
    this.done.set(sender, cap)
  }
}

function capsOf({ active, maxBitrate, maxFramerate, scaleResolutionDownBy }: RTCRtpEncodingParameters): Cap {
  return { active, maxBitrate, maxFramerate, scaleResolutionDownBy }
}

/** Of two sizes, of which the large one is the first. */
function ofSize(at: number, { active, scaleResolutionDownBy }: Cap): Cap {
  const leftOut = active === false || (at === 0 && scaleResolutionDownBy !== undefined)
  return leftOut ? { active: false } : UNCAPPED
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
