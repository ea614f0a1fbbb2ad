import { ReconnectingSocket } from '@jiujin/shared'

import type { AgentToPage, PageToAgent } from '../generated/agent'

const PROTOCOL = 1
const ALIVE_EVERY_MS = 2000

type AgentSocket = ReconnectingSocket<AgentToPage, PageToAgent>

/** The page's socket to the agent on this machine, with its heartbeat. */
export function connectToAgent(pageSession: string, origin: string): AgentSocket {
  const socket: AgentSocket = new ReconnectingSocket({
    url: `${origin.replace(/^http/, 'ws')}/ws/page`,
    hello: () => ({ type: 'page.hello', protocol: PROTOCOL, page_session: pageSession }),
    // The agent is on this machine and has this page alone: asking often costs nobody anything.
    backoff: { baseMs: 300, capMs: 500 },
  })
  setInterval(() => socket.send({ type: 'page.alive' }), ALIVE_EVERY_MS)
  return socket
}
