/** As the center takes it; see PHOTO_LIMIT of its protocol. */
const LIMIT = 300_000
const LONGER_SIDE = 1280
const QUALITIES = [0.9, 0.8, 0.65, 0.5, 0.35]

/** The finest of these qualities that is small enough. */
export async function fitting(encode: (quality: number) => Promise<Blob>, limit = LIMIT): Promise<Blob> {
  for (const quality of QUALITIES) {
    const blob = await encode(quality)
    if (blob.size <= limit) return blob
  }
  throw new Error('no quality is small enough')
}

/** One still of the page's own picture, JPEG. */
export async function still(stream: MediaStream): Promise<Blob> {
  const video = document.createElement('video')
  Object.assign(video, { muted: true, playsInline: true, srcObject: stream })
  try {
    await video.play()
    const canvas = drawn(video)
    return await fitting((quality) => canvas.convertToBlob({ type: 'image/jpeg', quality }))
  } finally {
    video.srcObject = null
  }
}

/** Hands the picture on to the center; its name there. Nothing of it is kept here. */
export async function handOver(photo: Blob, ask: typeof fetch = fetch): Promise<string> {
  const answer = await ask('/visit/photo', { method: 'POST', body: photo })
  if (!answer.ok) throw new Error(`the picture was not taken: ${answer.status}`)
  const { sha256 } = (await answer.json()) as { sha256: string }
  return sha256
}

function drawn(video: HTMLVideoElement): OffscreenCanvas {
  const scale = Math.min(1, LONGER_SIDE / Math.max(video.videoWidth, video.videoHeight, 1))
  const canvas = new OffscreenCanvas(Math.round(scale * video.videoWidth), Math.round(scale * video.videoHeight))
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
  return canvas
}
