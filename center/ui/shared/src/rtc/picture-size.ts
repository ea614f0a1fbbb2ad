/** In a mesh every page encodes its picture once for each of the others, in a larger room it gets one of each: there they are smaller. */
const IN_ROOM: MediaTrackConstraints = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15 } }
const ALONE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25 } }

/** Sets the size of the camera's picture for a talk of two, or of more. */
export function sizeForRoom(stream: MediaStream | null, larger: boolean): void {
  for (const track of stream?.getVideoTracks() ?? []) {
    // A camera that cannot is left as it is: the encoder steps down by itself.
    track.applyConstraints(larger ? IN_ROOM : ALONE).catch(() => undefined)
  }
}
