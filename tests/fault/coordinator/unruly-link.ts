import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import type { CertificateFiles, DevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { createPacketCutter, isPlainPublish } from './mqtt-packets.ts'

/** What an unruly link does to the messages of both directions. */
export type Unruliness = {
  /** Each message comes up to so many times. */
  copiesMax: number
  /** Each copy is held back by up to so much, so that they overtake each other. */
  delayMaxMs: number
  /** The share of messages that never come. */
  lostShare: number
}

export type UnrulyLink = {
  port: number
  counts: { passed: number; doubled: number; lost: number }
  /** From now on everything comes once and in order. */
  calm(): void
  close(): Promise<void>
}

/**
 * Stands between units and broker and speaks TLS with both, with their own certificates. What MQTT promises an order for
 * (connecting, subscribing, presence) passes as it is; items and receipts come none to several times, in any order.
 */
export async function openUnrulyLink(
  brokerPort: number,
  authority: Pick<DevelopmentAuthority, 'caFile' | 'broker' | 'unit'>,
  { copiesMax, delayMaxMs, lostShare }: Unruliness,
  random: () => number,
): Promise<UnrulyLink> {
  const counts = { passed: 0, doubled: 0, lost: 0 }
  const open = new Set<TLSSocket>()
  let isCalm = false
  const ca = readFileSync(authority.caFile)
  const read = ({ certificateFile, keyFile }: CertificateFiles) => ({
    ...{ ca, cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
  })

  function carry(from: TLSSocket, to: TLSSocket): void {
    const cut = createPacketCutter()
    const pass = (packet: Buffer) => {
      if (!to.destroyed) to.write(packet)
    }
    from.on('data', (piece) => {
      for (const packet of cut(piece)) {
        if (isCalm || !isPlainPublish(packet)) {
          pass(packet)
          continue
        }
        const copies = random() < lostShare ? 0 : 1 + Math.floor(random() * copiesMax)
        counts[copies === 0 ? 'lost' : copies === 1 ? 'passed' : 'doubled'] += 1
        for (let copy = 0; copy < copies; copy++) setTimeout(() => pass(packet), random() * delayMaxMs)
      }
    })
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }

  const server = createServer({ ...read(authority.broker), requestCert: true }, (unit) => {
    const { CN } = unit.getPeerCertificate().subject
    const broker = connect({ ...read(authority.unit(String(CN))), host: '127.0.0.1', port: brokerPort })
    for (const socket of [unit, broker]) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    }
    carry(unit, broker)
    carry(broker, unit)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    counts,
    calm: () => {
      isCalm = true
    },
    async close() {
      for (const socket of open) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
