import { look } from './look'

type Cue = 'shutter' | 'answered'

/** Notes of each cue: hertz, start and length in seconds. */
const CUES: Record<Cue, readonly (readonly [number, number, number])[]> = {
  shutter: [
    [1400, 0, 0.04],
    [900, 0.06, 0.05],
  ],
  answered: [
    [523, 0, 0.25],
    [659, 0.18, 0.25],
    [784, 0.36, 0.4],
  ],
}

let context: AudioContext | null = null

/** A soft sound, unless the resident wants silence. */
export function play(cue: Cue): void {
  if (!look.sound) return
  context ??= new AudioContext()
  for (const note of CUES[cue]) ring(context, ...note)
}

function ring(audio: AudioContext, hertz: number, start: number, length: number): void {
  const at = audio.currentTime + start
  const tone = new OscillatorNode(audio, { frequency: hertz })
  const gain = new GainNode(audio, { gain: 0 })
  gain.gain.linearRampToValueAtTime(0.12, at + 0.01)
  gain.gain.exponentialRampToValueAtTime(0.001, at + length)
  tone.connect(gain).connect(audio.destination)
  tone.start(at)
  tone.stop(at + length)
}
