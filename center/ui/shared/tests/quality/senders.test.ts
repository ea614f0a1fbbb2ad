import { expect, it, vi } from 'vitest'

import type { Slot } from '../../src/rtc/local-tracks.ts'
import { PictureSenders } from '../../src/rtc/quality/senders.ts'

class FakeSender {
  refuses = 0
  constructor(public encodings: RTCRtpEncodingParameters[]) {}
  getParameters = vi.fn(() => structuredClone({ encodings: this.encodings }))
  setParameters = vi.fn((parameters: { encodings: RTCRtpEncodingParameters[] }) => {
    if (this.refuses-- > 0) return Promise.reject(new DOMException('changed meanwhile', 'InvalidStateError'))
    this.encodings = parameters.encodings
    return Promise.resolve()
  })
}

function talk() {
  const senders: Record<Slot, FakeSender> = {
    'face.audio': new FakeSender([{ active: true, priority: 'low' }]),
    'face.video': new FakeSender([{ active: true, scaleResolutionDownBy: 1 }]),
    'desk.video': new FakeSender([{ active: true, maxBitrate: 200_000 }]),
  }
  return { senders, pictures: new PictureSenders((slot) => senders[slot] as unknown as RTCRtpSender) }
}

it('takes the picture down, keeps the papers, and gives back what there was', async () => {
  const { senders, pictures } = talk()
  await pictures.apply('small')
  expect(senders['face.video'].encodings[0]).toMatchObject({ active: true, maxBitrate: 150_000, scaleResolutionDownBy: 2 })
  expect(senders['desk.video'].encodings[0]?.maxBitrate).toBe(200_000)
  await pictures.apply('paused')
  expect(senders['face.video'].encodings[0]).toEqual({ active: false, scaleResolutionDownBy: 1 })
  expect(senders['desk.video'].encodings[0]).toEqual({ active: true, maxBitrate: 100_000, maxFramerate: 2 })
  await pictures.apply('full')
  expect(senders['face.video'].encodings[0]).toEqual({ active: true, scaleResolutionDownBy: 1 })
  expect(senders['desk.video'].encodings[0]).toEqual({ active: true, maxBitrate: 200_000 })
})

it('asks the senders nothing when all is done', async () => {
  const { senders, pictures } = talk()
  await pictures.apply('small')
  for (const { getParameters } of Object.values(senders)) getParameters.mockClear()
  await pictures.apply('small')
  expect(Object.values(senders).flatMap(({ getParameters }) => getParameters.mock.calls)).toEqual([])
})

it('shows several people a tile each, and papers no smaller', async () => {
  const { senders, pictures } = talk()
  senders['desk.video'].encodings = [{ active: true, maxBitrate: 1_400_000 }]
  await pictures.apply('shared')
  expect(senders['face.video'].encodings[0]).toMatchObject({ maxBitrate: 350_000, scaleResolutionDownBy: 2 })
  expect(senders['desk.video'].encodings[0]).toEqual({ active: true, maxBitrate: 700_000 })
})

it('leaves the large of two sizes out of a smaller picture, and both when it pauses', async () => {
  const { senders, pictures } = talk()
  const sizes = [
    { rid: 'h', active: true, maxBitrate: 600_000, scaleResolutionDownBy: 1 },
    { rid: 'l', active: true, maxBitrate: 150_000, scaleResolutionDownBy: 2 },
  ]
  senders['face.video'].encodings = structuredClone(sizes)
  const active = () => senders['face.video'].encodings.map((size) => size.active)
  for (const step of ['first', 'small'] as const) {
    await pictures.apply(step)
    expect(active()).toEqual([false, true])
  }
  await pictures.apply('paused')
  expect(active()).toEqual([false, false])
  await pictures.apply('full')
  expect(senders['face.video'].encodings).toEqual(sizes)
})

it('touches a sender only when there is something to change', async () => {
  const { senders, pictures } = talk()
  for (let turn = 0; turn < 3; turn += 1) await pictures.apply('full')
  expect(senders['face.video'].setParameters).not.toHaveBeenCalled()
  expect(senders['face.audio'].setParameters).toHaveBeenCalledOnce()
  expect(senders['face.audio'].encodings[0]).toMatchObject({ priority: 'high', networkPriority: 'high' })
})

it('tries again what was refused', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const { senders, pictures } = talk()
  senders['face.video'].refuses = 1
  await pictures.apply('paused')
  expect(senders['face.video'].encodings[0]?.active).toBe(true)
  await pictures.apply('paused')
  expect(senders['face.video'].encodings[0]?.active).toBe(false)
  expect(warned).toHaveBeenCalledOnce()
})

it('does without senders that are not there yet', async () => {
  await expect(new PictureSenders(() => undefined).apply('paused')).resolves.toBeUndefined()
})
