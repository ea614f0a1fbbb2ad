/** What the resident is seen and heard by: null until known. */
export interface FaceDevices {
  stream: MediaStream | null
  camera: boolean | null
  microphone: boolean | null
}

export const NO_DEVICES: FaceDevices = { stream: null, camera: null, microphone: null }

const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
}
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 24 },
}
const ATTEMPTS: MediaStreamConstraints[] = [
  { audio: AUDIO, video: VIDEO },
  { audio: AUDIO },
  { video: VIDEO },
]

/** Camera and microphone of the kiosk: both, or what there is of them, or neither. */
export class FaceCamera {
  private wanted = false
  private stream: MediaStream | null = null

  constructor(
    private readonly changed: (devices: FaceDevices) => void,
    private readonly open = (constraints: MediaStreamConstraints) =>
      navigator.mediaDevices.getUserMedia(constraints),
  ) {}

  async acquire(): Promise<void> {
    if (this.wanted) return
    this.wanted = true
    const stream = await this.firstThatOpens()
    if (!this.wanted) {
      stop(stream)
      return
    }
    this.stream = stream
    for (const track of stream?.getTracks() ?? []) track.onended = () => this.tell()
    this.tell()
  }

  release(): void {
    this.wanted = false
    stop(this.stream)
    this.stream = null
    this.changed(NO_DEVICES)
  }

  private async firstThatOpens(): Promise<MediaStream | null> {
    for (const constraints of ATTEMPTS) {
      try {
        return await this.open(constraints)
      } catch (error) {
        console.warn('camera or microphone', error)
      }
    }
    return null
  }

  private tell(): void {
    const live = (tracks: MediaStreamTrack[] | undefined) =>
      tracks?.some((track) => track.readyState === 'live') ?? false
    this.changed({
      stream: this.stream,
      camera: live(this.stream?.getVideoTracks()),
      microphone: live(this.stream?.getAudioTracks()),
    })
  }
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
