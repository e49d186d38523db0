import type { Socket } from 'node:net'
import { networkOf } from '@vigie/contract/network-of'
import { type AdjustableLimits, HANDSHAKES } from '../limits.ts'
import { createAttempts } from './attempts.ts'
import { awaitClientHello, type HelloRefusal } from './client-hello.ts'
import { createTokenBucket } from './token-bucket.ts'

export type DoorRefusal =
  | HelloRefusal
  | 'address-too-fast'
  | 'too-many-connections'
  | 'place-taken-by-newer'
  | 'hello-too-slow'

export type FrontDoorDeps = {
  monotonicMs: () => number
  /** Told before the socket is closed. */
  refused(reason: DoorRefusal, socket: Socket): void
  /** Begins TLS on a socket whose hello has come and is sound so far. */
  startTls(socket: Socket): void
}

/**
 * Everything that happens to a connection before anybody knows who it is: how often its address may come, whether there
 * is a place, whether it speaks TLS, and when its handshake, which costs the processor, may begin.
 */
export function createFrontDoor(
  { monotonicMs, refused, startTls }: FrontDoorDeps,
  limits: Pick<AdjustableLimits, 'connectionsMax' | 'handshakeTimeoutMs' | 'addressAttempts'>,
) {
  const attempts = createAttempts(limits.addressAttempts, monotonicMs)
  const pace = createTokenBucket(HANDSHAKES, monotonicMs)
  const open = new Set<Socket>()
  /** Those who have not finished TLS, the longest there first, by their end of the connection. */
  const entering = new Map<string, Socket>()
  /** Those whose hello has come. */
  const queue = new Set<Socket>()
  let next: NodeJS.Immediate | undefined

  const refuse = (reason: DoorRefusal, socket: Socket) => {
    refused(reason, socket)
    socket.destroy()
  }
  const refusalOf = (socket: Socket): DoorRefusal | undefined => {
    if (!attempts.take(networkOf(socket.remoteAddress ?? ''))) return 'address-too-fast'
    return makePlace() ? undefined : 'too-many-connections'
  }
  /**
   * One in each turn of the event loop, so that whoever is inside is heard between two handshakes, and newcomers get what
   * those leave. When turns are long, more: as many as HANDSHAKES says, else a busy broker would let nobody in.
   */
  const startNext = () => {
    next = undefined
    for (const socket of queue) {
      queue.delete(socket)
      startTls(socket)
      if (pace.waitMs() > 0) break
      pace.take(1)
    }
    startInNextTurn()
  }
  const startInNextTurn = () => {
    if (queue.size > 0) next ??= setImmediate(startNext)
  }
  const makePlace = () => {
    if (open.size < limits.connectionsMax) return true
    const [longest] = entering.values()
    if (longest === undefined) return false
    open.delete(longest)
    entering.delete(endOf(longest))
    refuse('place-taken-by-newer', longest)
    return true
  }

  return {
    admit(socket: Socket): void {
      socket.on('error', () => undefined) // closed by its peer: there is nobody to tell
      const refusal = refusalOf(socket)
      if (refusal !== undefined) {
        refuse(refusal, socket)
        return
      }
      const end = endOf(socket)
      open.add(socket)
      entering.set(end, socket)
      // TLS has a patience of its own, which begins when this one ends.
      const patience = setTimeout(() => refuse('hello-too-slow', socket), limits.handshakeTimeoutMs)
      socket.once('close', () => {
        clearTimeout(patience)
        open.delete(socket)
        queue.delete(socket)
        entering.delete(end)
      })
      awaitClientHello(socket, (refusal) => {
        clearTimeout(patience)
        if (refusal !== undefined) {
          refuse(refusal, socket)
          return
        }
        queue.add(socket)
        startInNextTurn()
      })
    },
    /** TLS has told who it is; `socket` may be the one that TLS put around the one admitted. */
    entered(socket: Socket): void {
      entering.delete(endOf(socket))
    },
    /** Closes every connection, whatever has become of it. */
    close(): void {
      clearImmediate(next)
      for (const socket of open) socket.destroy()
    },
  }
}

/** The peer's end of a connection: no two open ones have the same. */
const endOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`
