import { onTestFinished } from 'vitest'
import { createHttpPeer, type HttpPeer, type HttpPeerScript } from './http-peer.ts'

/** A peer that is closed when the test that asked for it is over. */
export async function peerThat(
  script: HttpPeerScript,
  options?: Parameters<typeof createHttpPeer>[1],
): Promise<HttpPeer> {
  const peer = await createHttpPeer(script, options)
  onTestFinished(() => peer.close())
  return peer
}
