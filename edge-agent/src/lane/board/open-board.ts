import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { BoardProfile } from '@vigie/config-schema/lane-profiles'
import modbus from 'modbus-serial'
import type { Time } from '../../time.ts'
import { LaneFault } from '../lane-fault.ts'
import type { Board } from './board-port.ts'

/** A question and its answer take 30 ms at 9600 baud; a board that needs ten times that is not well. */
const ANSWER_WITHIN_MS = 300

/** Lost answers are noise; three in a row are a line that is down. */
const SWITCHED_OFF_WITHIN_TRIES = 3

const [WRITE_COIL, DISCRETE_INPUTS_FROM] = [0x05, 0]

export type BoardAt = { profile: BoardProfile; port: string; address: number; wiring: LaneFacts['board']['wiring'] }

/** Opens the line to a board, and leaves it, in the state in which nobody is let in. @throws LaneFault `board-silent` */
export async function openBoard({ profile, port, address, wiring }: BoardAt, { time }: { time: Time }): Promise<Board> {
  const client = new modbus.default()
  client.setTimeout(ANSWER_WITHIN_MS)
  client.setID(address)
  client.on('error', () => undefined) // whoever asks next learns of it
  const gone = new AbortController()
  client.on('close', () => gone.abort())
  let leave: ((fault: LaneFault) => void) | null = null
  gone.signal.addEventListener('abort', () => leave?.(new LaneFault('board-silent', 'its port is gone')), {
    once: true,
  })
  const { pulse, counts } = profile
  /** The contacts that we closed and have to open again, until they are. */
  const closed = new Map<number, Promise<void>>()
  let last: Promise<unknown> = Promise.resolve()

  /** The library forgets who waits when its port goes; here they learn of it. */
  function ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    const answered = async () => {
      if (gone.signal.aborted) throw new LaneFault('board-silent', 'its port is gone')
      return new Promise<Answer>((resolve, reject) => {
        leave = reject
        question().then(resolve, (cause: unknown) => reject(faultOf(cause)))
      })
    }
    const answer = last.then(answered)
    last = answer.catch(() => undefined)
    return answer
  }
  const set = (coil: number, isOn: boolean) => ask(() => client.writeCoil(coil, isOn)).then(() => undefined)

  /** A contact that stays closed leaves the arm open: a board that does not take this is opened anew, which opens it. */
  async function switchOff(coil: number, afterMs: number): Promise<void> {
    await time.wait(afterMs, gone.signal)
    for (let tries = 1; !gone.signal.aborted; tries += 1) {
      try {
        return await set(coil, false)
      } catch {
        if (tries === SWITCHED_OFF_WITHIN_TRIES) await board.close()
      }
    }
  }

  const board: Board = {
    readInputs: async () => (await ask(() => client.readDiscreteInputs(DISCRETE_INPUTS_FROM, profile.inputs))).data,
    ...(counts && {
      async readCounts() {
        const { data } = await ask(() => client.readInputRegisters(counts.register, 2 * profile.inputs))
        return Array.from(
          { length: profile.inputs },
          (_, at) => (data[2 * at] ?? 0) * 0x10000 + (data[2 * at + 1] ?? 0),
        )
      },
    }),
    set,
    async pulse(coil, ms) {
      if (pulse === undefined) {
        // An order begins with a contact that closes: the one before has to end first.
        await closed.get(coil)
        try {
          await set(coil, true)
        } finally {
          // Also where no answer came: it may be closed.
          const opened = switchOff(coil, ms).catch(() => undefined)
          closed.set(
            coil,
            opened.then(() => void closed.delete(coil)),
          )
        }
        return
      }
      const [register, units] = [pulse.base + coil, Math.max(1, Math.round(ms / pulse.unitMs))]
      await ask(() => client.customFunction(WRITE_COIL, [register >> 8, register & 0xff, units >> 8, units & 0xff]))
    },
    async close() {
      for (const coil of closed.keys()) await set(coil, false).catch(() => undefined)
      gone.abort()
      if (client.isOpen) await new Promise<void>((resolve) => client.close(() => resolve()))
    },
  }
  try {
    await connect(client, port, profile)
    // What an agent left closed that ended in the middle of a pulse.
    if (pulse === undefined)
      for (const coil of [wiring.pulseA, wiring.pulseB]) if (coil !== undefined) await set(coil, false)
    await board.readInputs()
    return board
  } catch (cause) {
    await board.close()
    throw faultOf(cause)
  }
}

async function connect(client: InstanceType<typeof modbus.default>, port: string, { protocol, serial }: BoardProfile) {
  if (port.startsWith('tcp://')) {
    const { hostname, port: number } = new URL(port)
    const options = { port: Number(number) }
    return protocol === 'modbus-tcp'
      ? client.connectTCP(hostname, options)
      : client.connectTcpRTUBuffered(hostname, options)
  }
  const { baud, ...bits } = serial ?? { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1 }
  return client.connectRTUBuffered(port, { baudRate: baud, ...bits })
}

/** A board that answers with an exception is there, and was asked for something that it has not. */
function faultOf(cause: unknown): LaneFault {
  if (cause instanceof LaneFault) return cause
  const isAnswer = cause instanceof Error && 'modbusCode' in cause
  return new LaneFault(
    isAnswer ? 'board-refused' : 'board-silent',
    cause instanceof Error ? cause.message : undefined,
    {
      cause,
    },
  )
}
