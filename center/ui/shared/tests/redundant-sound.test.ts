import { expect, it } from 'vitest'

import { exchangeAgain, withSound } from '../src/rtc/redundant-sound.ts'

const LINES = ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:63 red/48000/2', 'a=fmtp:63 111/111', 'm=video 9 UDP/TLS/RTP/SAVPF 96 116', 'a=rtpmap:116 red/90000', '']
const SDP = LINES.join('\r\n')
const TWICE = SDP.replace('111 63 9 0', '63 111 9 0')

/** Notes what is done to it, with the codecs of the sound. */
class FakeConnection {
  readonly done: string[] = []
  constructor(public currentRemoteDescription: RTCSessionDescriptionInit | null) {}

  setLocalDescription = () => Promise.resolve(void this.done.push('local'))
  setRemoteDescription = (description: RTCSessionDescriptionInit) => {
    this.currentRemoteDescription = description
    return Promise.resolve(void this.done.push(`${description.type} ${/m=audio .*/.exec(description.sdp ?? '')?.[0].slice(28)}`))
  }
}

async function switched(type: RTCSdpType, ...ways: boolean[]): Promise<string[]> {
  const connection = new FakeConnection({ type, sdp: SDP })
  for (const twice of ways) await exchangeAgain(connection as unknown as RTCPeerConnection, twice)
  return connection.done
}

it('puts the redundancy of the sound before its codec, and back, and touches nothing else', () => {
  const twice = withSound({ type: 'answer', sdp: SDP }, true)
  expect(twice).toEqual({ type: 'answer', sdp: TWICE })
  expect(withSound(twice, false)).toEqual({ type: 'answer', sdp: SDP })
})

it.each<[RTCSdpType, string[]]>([
  ['answer', ['local', 'answer 63 111 9 0', 'local', 'answer 111 63 9 0']],
  ['offer', ['offer 63 111 9 0', 'local', 'offer 111 63 9 0', 'local']],
])('goes through the last exchange once more, in the same roles, when there is something to switch', async (type, done) => {
  expect(await switched(type, false, true, true, false)).toEqual(done)
})

it('leaves alone who does not know of it, and what was not negotiated yet', async () => {
  const old = { type: 'answer', sdp: SDP.replace('red/48000', 'telephone-event/48000') } as const
  for (const description of [old, null]) {
    const connection = new FakeConnection(description)
    await exchangeAgain(connection as unknown as RTCPeerConnection, true)
    expect(connection.done).toEqual([])
  }
  expect(withSound(old, true)).toEqual(old)
})
