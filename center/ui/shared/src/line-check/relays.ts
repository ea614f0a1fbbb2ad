/** What is asked of a relay: whether it lends an address, and what it loses of short packets. */
const REACHED_WITHIN_MS = 1500
const PACKETS = 40
const PACKET_EVERY_MS = 20
const PACKET_BYTES = 100
const STRAGGLERS_MS = 300

type Create = (configuration: RTCConfiguration) => RTCPeerConnection

/** Whether this server gives a relay address in time. */
export function reaches(server: RTCIceServer, signal: AbortSignal, create: Create = native): Promise<boolean> {
  const connection = create({ iceServers: [server], iceTransportPolicy: 'relay' })
  const found = new Promise<boolean>((resolve) => {
    connection.onicecandidate = ({ candidate }) => {
      // The end of gathering; by policy every candidate before it is a relay's.
      resolve(candidate !== null && candidate.candidate !== '')
    }
  })
  connection.createDataChannel('check')
  connection.setLocalDescription().catch(console.warn)
  return within(found, REACHED_WITHIN_MS, signal, false).finally(() => connection.close())
}

/**
 * Share of packets that do not come back over the relay, 0 to 1: two connections of this page send
 * through it to each other. Null when they do not meet.
 */
export async function relayLoss(server: RTCIceServer, signal: AbortSignal, create: Create = native): Promise<number | null> {
  const configuration: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' }
  const [here, there] = [create(configuration), create(configuration)]
  try {
    const channel = here.createDataChannel('check', { ordered: false, maxRetransmits: 0 })
    there.ondatachannel = ({ channel: echo }) => (echo.onmessage = ({ data }) => echo.send(data as string))
    await introduce(here, there)
    const opened = new Promise<boolean>((resolve) => (channel.onopen = () => resolve(true)))
    if (!(await within(opened, REACHED_WITHIN_MS, signal, false))) return null
    return 1 - (await echoes(channel, signal)) / PACKETS
  } finally {
    here.close()
    there.close()
  }
}

async function introduce(here: RTCPeerConnection, there: RTCPeerConnection): Promise<void> {
  const trickle = (from: RTCPeerConnection, to: RTCPeerConnection) => {
    from.onicecandidate = ({ candidate }) => candidate && void to.addIceCandidate(candidate).catch(console.warn)
  }
  // A description is queued before the candidates that come after it.
  trickle(here, there)
  trickle(there, here)
  await here.setLocalDescription()
  await there.setRemoteDescription(here.localDescription as RTCSessionDescription)
  await there.setLocalDescription()
  await here.setRemoteDescription(there.localDescription as RTCSessionDescription)
}

async function echoes(channel: RTCDataChannel, signal: AbortSignal): Promise<number> {
  const packet = 'x'.repeat(PACKET_BYTES)
  let back = 0
  let all: (value: boolean) => void = () => undefined
  const complete = new Promise<boolean>((resolve) => (all = resolve))
  channel.onmessage = () => ((back += 1) === PACKETS ? all(true) : undefined)
  for (let sent = 0; sent < PACKETS && !signal.aborted; sent += 1) {
    channel.send(packet)
    await pause(PACKET_EVERY_MS)
  }
  await within(complete, STRAGGLERS_MS, signal, false)
  return back
}

/** What is promised, or `otherwise` when it takes too long or is given up. */
export function within<T>(promised: Promise<T>, ms: number, signal: AbortSignal, otherwise: T): Promise<T> {
  const late = new Promise<T>((resolve) => {
    const handle = setTimeout(() => resolve(otherwise), ms)
    if (signal.aborted) resolve(otherwise)
    signal.addEventListener('abort', () => resolve(otherwise), { once: true })
    void promised.finally(() => clearTimeout(handle)).catch(() => undefined)
  })
  return Promise.race([promised, late])
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function native(configuration: RTCConfiguration): RTCPeerConnection {
  return new RTCPeerConnection(configuration)
}
