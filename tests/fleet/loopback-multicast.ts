import { createSocket } from 'node:dgram'

/** Where cameras listen for WS-Discovery. */
const GROUP = '239.255.255.250'

/** Whether this machine's loopback interface takes part in multicast, so that simulated cameras can be found on it. */
export function hasLoopbackMulticast(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    const end = (has: boolean) => {
      socket.close()
      resolve(has)
    }
    socket.once('error', () => end(false))
    socket.bind(0, () => {
      try {
        socket.addMembership(GROUP, '127.0.0.1')
        end(true)
      } catch {
        end(false)
      }
    })
  })
}
