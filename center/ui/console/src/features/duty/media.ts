import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

/** Why there is no picture or sound of one's own. */
export type MediaProblem = 'refused' | 'missing' | 'in_use' | 'insecure' | 'sound_only'

const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 25, max: 30 },
}

function problemOf(error: unknown): MediaProblem {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused'
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use'
    default:
      return 'missing'
  }
}

export type MediaUser = 'duty' | 'mediation' | 'check'

/** This person's camera and microphone: opened when going on duty, so that accepting is quick, and on as long as anything uses them. */
export const useMedia = defineStore('media', () => {
  const stream = shallowRef<MediaStream | null>(null)
  const problem = ref<MediaProblem | null>(null)
  const muted = ref(false)
  const cameraOff = ref(false)
  const hasCamera = computed(() => (stream.value?.getVideoTracks().length ?? 0) > 0)
  let opening: Promise<void> | null = null
  const users = new Set<MediaUser>()

  function acquire(user: MediaUser): Promise<void> {
    users.add(user)
    return ensure()
  }

  function ensure(): Promise<void> {
    if (stream.value !== null && problem.value === null) return Promise.resolve()
    opening ??= open().finally(() => (opening = null))
    return opening
  }

  async function open(): Promise<void> {
    try {
      adopt(await devices().getUserMedia({ audio: AUDIO, video: VIDEO }), null)
    } catch (error) {
      const first = error instanceof TypeError ? 'insecure' : problemOf(error)
      await openSound(first)
    }
  }

  /** A lawyer without a camera can still talk. */
  async function openSound(why: MediaProblem): Promise<void> {
    try {
      adopt(await devices().getUserMedia({ audio: AUDIO }), 'sound_only')
    } catch {
      adopt(null, why)
    }
  }

  function devices(): MediaDevices {
    // Undefined outside a secure context, whatever the types say.
    const found = navigator.mediaDevices as MediaDevices | undefined
    if (found === undefined) throw new TypeError('no media devices')
    return found
  }

  function adopt(next: MediaStream | null, why: MediaProblem | null): void {
    stop()
    if (users.size === 0) {
      next?.getTracks().forEach((track) => track.stop())
      return
    }
    stream.value = next
    problem.value = why
    next?.getTracks().forEach((track) => track.addEventListener('ended', again))
    applySwitches()
  }

  /** A device was unplugged, or a better one plugged in. */
  function again(): void {
    if (users.size === 0) return
    problem.value ??= 'missing'
    void ensure()
  }

  function stop(): void {
    stream.value?.getTracks().forEach((track) => {
      track.removeEventListener('ended', again)
      track.stop()
    })
    stream.value = null
  }

  function release(user: MediaUser): void {
    users.delete(user)
    if (users.size === 0) close()
  }

  function close(): void {
    users.clear()
    problem.value = null
    stop()
  }

  function applySwitches(): void {
    stream.value?.getAudioTracks().forEach((track) => (track.enabled = !muted.value))
    stream.value?.getVideoTracks().forEach((track) => (track.enabled = !cameraOff.value))
  }

  function toggleMute(): void {
    muted.value = !muted.value
    applySwitches()
  }

  function toggleCamera(): void {
    cameraOff.value = !cameraOff.value
    applySwitches()
  }

  ;(navigator.mediaDevices as MediaDevices | undefined)?.addEventListener('devicechange', () => {
    if (problem.value !== null) again()
  })

  return { stream, problem, muted, cameraOff, hasCamera, acquire, again, release, close, toggleMute, toggleCamera }
})
