// The other end of a call, without the project's own code: a page that answers with face and desk, and
// speaks the signalling envelope plainly over a line that loses nothing.
const session = 'kiosk-page-1'
let socket
let peer
let to
let address
let links = 0
let sent = 0
let heard = 0
let queue = Promise.resolve()

function picture(width, height, paint) {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')
  let frame = 0
  setInterval(() => paint(context, frame++), 100)
  return canvas.captureStream(10).getVideoTracks()[0]
}

function paintFace(context, frame) {
  context.fillStyle = '#7d8f94'
  context.fillRect(0, 0, 640, 480)
  context.fillStyle = '#2f4858'
  context.fillRect(190, 330, 260, 200)
  context.fillStyle = '#e0b998'
  context.beginPath()
  context.ellipse(320, 220 + (frame % 10) / 5, 85, 110, 0, 0, 7)
  context.fill()
}

function paintDesk(context, frame) {
  context.fillStyle = '#6b4f3a'
  context.fillRect(0, 0, 1280, 960)
  context.fillStyle = '#f7f5ef'
  context.fillRect(380, 70, 560, 800)
  context.fillStyle = '#444'
  for (let line = 0; line < 24; line += 1) context.fillRect(440, 140 + line * 28, 430 - (line % 5) * 40, 8)
  context.fillRect(1240, 900, (frame % 10) * 3, 20)
}

async function sound() {
  const audio = new AudioContext()
  const oscillator = audio.createOscillator()
  const out = audio.createMediaStreamDestination()
  oscillator.connect(out)
  oscillator.start()
  return out.stream.getAudioTracks()[0]
}

function post(body) {
  sent += 1
  const envelope = { ...address, n: sent, ack: heard, body }
  socket.send(JSON.stringify({ to, payload: JSON.stringify(envelope) }))
}

/** Makes ready to answer: the other side offers first. */
async function call(frame) {
  sent = heard = 0
  to = frame.call
  links += 1
  address = { room: frame.room, session, to_session: frame.session, link: links, to_link: 0 }
  peer?.close()
  peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const face = new MediaStream()
  const desk = new MediaStream()
  peer.addTrack(await sound(), face)
  peer.addTrack(picture(640, 480, paintFace), face)
  peer.addTrack(picture(1280, 960, paintDesk), desk)
  peer.onicecandidate = ({ candidate }) => candidate && post({ candidates: [candidate] })
}

async function answer(offer) {
  await peer.setRemoteDescription(offer)
  await peer.setLocalDescription()
  post({ description: peer.localDescription })
  post({ sends: ['face.audio', 'face.video', 'desk.video'] })
}

async function take({ link, n, body }) {
  // What comes before the call, or is of another, is said again.
  if (!address || !body || n !== heard + 1) return
  address.to_link = link
  heard = n
  if (body.description) await answer(body.description)
  for (const candidate of body.candidates ?? []) await peer.addIceCandidate(candidate)
}

window.startKiosk = (url) => {
  socket = new WebSocket(url)
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data)
    if (frame.call) queue = queue.then(() => call(frame))
    else queue = queue.then(() => take(JSON.parse(frame.payload)))
  }
}
window.kioskPeer = () => peer
