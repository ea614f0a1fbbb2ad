/**
 * Sound that goes out twice (RFC 2198, `red`), switched by this side alone.
 *
 * Chromium sends the sound twice when `red` stands before Opus in the other side's description, and
 * takes it for no codec that `setParameters` could choose. So the last exchange of descriptions is
 * gone through once more without a word to the other side, which sees packets of a payload type that
 * it has agreed to. An end that does not know `red` does not name it, and nothing happens.
 */
export function withSound(description: RTCSessionDescriptionInit, twice: boolean): RTCSessionDescriptionInit {
  const { type, sdp = '' } = description
  return { type, sdp: inOrder(sdp, twice) }
}

/** The connection has to be stable. */
export async function exchangeAgain(connection: RTCPeerConnection, twice: boolean): Promise<void> {
  const last = connection.currentRemoteDescription
  const next = last && withSound(last, twice)
  if (next === null || next.sdp === last?.sdp) return
  if (next.type === 'answer') await connection.setLocalDescription()
  await connection.setRemoteDescription(next)
  if (next.type === 'offer') await connection.setLocalDescription()
}

function inOrder(sdp: string, twice: boolean): string {
  const red = /^a=rtpmap:(\d+) red\/48000/m.exec(sdp)?.[1]
  if (red === undefined) return sdp
  return sdp.replace(/^(m=audio \d+ \S+) (.*)$/m, (_line, head: string, list: string) => {
    const [opus = '', ...others] = list.split(' ').filter((one) => one !== red)
    return [head, ...(twice ? [red, opus] : [opus, red]), ...others].join(' ')
  })
}
