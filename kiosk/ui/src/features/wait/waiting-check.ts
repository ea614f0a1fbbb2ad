import { configured, type LineCheck } from '@jiujin/shared'
import { checkLine } from '@jiujin/shared/line-check/check'

import type { KioskState } from '../../generated/agent'
import type { FaceDevices } from '../call/face-camera'

/** Looks at devices and line once a visit, while a resident waits, without a sound. */
export class WaitingCheck {
  private running: AbortController | null = null
  private done: string | null = null

  constructor(
    private readonly tell: (check: LineCheck) => void,
    private readonly check: typeof checkLine = checkLine,
  ) {}

  /** A call that comes needs the line for itself: the check gives way. */
  follow({ consultation, room }: KioskState, { stream, camera }: FaceDevices): void {
    if (consultation?.state !== 'waiting' || room === null) {
      this.stop()
      return
    }
    const opening = camera === null
    if (opening || this.done === consultation.consultation_id) return
    this.done = consultation.consultation_id
    void this.run(stream, room.ice_servers.map(configured))
  }

  stop(): void {
    this.running?.abort()
    this.running = null
  }

  private async run(stream: MediaStream | null, iceServers: RTCIceServer[]): Promise<void> {
    const running = new AbortController()
    this.running = running
    const found = await this.check({ stream, path: '/line/data', iceServers, audible: false, signal: running.signal })
    // What was given up tells nothing of the line.
    if (!running.signal.aborted) this.tell(found)
  }
}
