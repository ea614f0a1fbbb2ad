import type { DeviceCheck, SpeakerCheck } from '../generated/center'
import { BrightnessProbe } from '../rtc/quality/brightness.ts'

const LOOK_MS = 1000
const LOOK_EVERY_MS = 100
/** See `BLACK_BELOW` of the talk's own watch. */
const BLACK_BELOW = 0.03
const TONE_HZ = 1000
const TONE_S = 0.5
/** How much louder the tone must be at the microphone than before it, dB. */
const HEARD_DB = 10

/** Whether the camera gives a picture that is not black. */
export async function checkCamera(stream: MediaStream | null, signal: AbortSignal): Promise<DeviceCheck> {
  if (!hasLive(stream?.getVideoTracks())) return 'missing'
  const probe = new BrightnessProbe()
  const bright = await until(() => (probe.read(stream) ?? 0) >= BLACK_BELOW, signal)
  probe.close()
  return bright ? 'ok' : 'nothing'
}

/** Whether the microphone gives anything but digital silence. */
export async function checkMicrophone(stream: MediaStream | null, signal: AbortSignal): Promise<DeviceCheck> {
  if (stream === null || !hasLive(stream.getAudioTracks())) return 'missing'
  return withAnalyser(stream, async (analyser) => {
    const wave = new Uint8Array(analyser.fftSize)
    const sounds = await until(() => {
      analyser.getByteTimeDomainData(wave)
      return wave.some((value) => value !== 128)
    }, signal)
    return sounds ? 'ok' : 'nothing'
  })
}

/** Whether there is a loudspeaker; with `audible`, whether the microphone hears a tone of it. */
export async function checkLoudspeaker(audible: boolean, signal: AbortSignal): Promise<SpeakerCheck> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  if (!devices.some(({ kind }) => kind === 'audiooutput')) return 'missing'
  if (!audible) return 'present'
  // Echo cancellation would take away the very tone that is listened for.
  const bare = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
  const stream = await navigator.mediaDevices.getUserMedia({ audio: bare }).catch(() => null)
  if (stream === null) return 'present'
  const heard = await withAnalyser(stream, (analyser, context) => hearsTone(analyser, context, signal))
  stream.getTracks().forEach((track) => track.stop())
  return heard ? 'heard' : 'unheard'
}

async function hearsTone(analyser: AnalyserNode, context: AudioContext, signal: AbortSignal): Promise<boolean> {
  const bins = new Float32Array(analyser.frequencyBinCount)
  const bin = Math.round((TONE_HZ * analyser.fftSize) / context.sampleRate)
  const level = () => {
    analyser.getFloatFrequencyData(bins)
    return bins[bin] ?? -Infinity
  }
  await until(() => level() > -Infinity, signal)
  const before = level()
  play(context)
  return until(() => level() > before + HEARD_DB, signal)
}

function play(context: AudioContext): void {
  const tone = context.createOscillator()
  const gain = context.createGain()
  tone.frequency.value = TONE_HZ
  gain.gain.value = 0.2
  tone.connect(gain).connect(context.destination)
  tone.start()
  tone.stop(context.currentTime + TONE_S)
}

async function withAnalyser<T>(
  stream: MediaStream,
  work: (analyser: AnalyserNode, context: AudioContext) => Promise<T>,
): Promise<T> {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.smoothingTimeConstant = 0
  context.createMediaStreamSource(stream).connect(analyser)
  try {
    return await work(analyser, context)
  } finally {
    await context.close()
  }
}

function hasLive(tracks: MediaStreamTrack[] | undefined): boolean {
  return tracks?.some(({ readyState }) => readyState === 'live') ?? false
}

/** Asks again and again for a second. */
async function until(met: () => boolean, signal: AbortSignal): Promise<boolean> {
  for (let waited = 0; waited < LOOK_MS && !signal.aborted; waited += LOOK_EVERY_MS) {
    if (met()) return true
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return met()
}
