const WIDTH = 16
const HEIGHT = 9
/** Rec. 601. */
const RED = 0.299
const GREEN = 0.587
const BLUE = 0.114

/** Mean luma of RGBA pixels, 0 (black) to 1. */
export function meanLuma(pixels: Uint8ClampedArray): number {
  let total = 0
  for (let at = 0; at < pixels.length; at += 4) {
    total += RED * (pixels[at] ?? 0) + GREEN * (pixels[at + 1] ?? 0) + BLUE * (pixels[at + 2] ?? 0)
  }
  return pixels.length === 0 ? 0 : (4 * total) / (255 * pixels.length)
}

/** Looks at a stream's picture now and then, in an element that nobody sees. */
export class BrightnessProbe {
  private readonly video = document.createElement('video')
  private readonly canvas = document.createElement('canvas')
  private readonly context: CanvasRenderingContext2D | null

  constructor() {
    Object.assign(this.video, { muted: true, autoplay: true, playsInline: true })
    Object.assign(this.canvas, { width: WIDTH, height: HEIGHT })
    this.context = this.canvas.getContext('2d', { willReadFrequently: true })
  }

  /** Null while there is no picture to look at. */
  read(stream: MediaStream | null): number | null {
    if (this.video.srcObject !== stream) this.video.srcObject = stream
    if (stream === null || this.context === null || this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null
    this.context.drawImage(this.video, 0, 0, WIDTH, HEIGHT)
    return meanLuma(this.context.getImageData(0, 0, WIDTH, HEIGHT).data)
  }

  close(): void {
    this.video.srcObject = null
  }
}
