import { setTimeout } from 'node:timers/promises'
import { createModbusTcpBoard } from './modbus-tcp-board.ts'

type Way = 'A' | 'B'

/** As tripods come from the factory: it waits so long for a person, and says PASS for so long. */
const [FREE_MS, PASS_MS] = [5_000, 200]

/** The tripod of tripod.py, contacts and all, behind a Modbus TCP board in this process: a fleet of them needs only Node. */
export async function createNetworkTripod(port = 0, { passMs = PASS_MS } = {}) {
  const coils = new Map<number, boolean>()
  const freeUntil: Record<Way, number> = { A: 0, B: 0 }
  const is = { turning: false, passA: false, passB: false, burning: false, powered: true, alarmed: false }
  const contacts = [
    () => is.powered && !is.passA,
    () => is.powered && !is.passB,
    () => is.powered && !is.turning,
    () => is.powered && !is.alarmed,
    () => !is.burning,
  ]
  const passed: Record<Way, number> = { A: 0, B: 0 }
  const isFree = (way: Way) => is.burning || !is.powered || performance.now() < freeUntil[way]

  const board = await createModbusTcpBoard(
    {
      isClosed: (input) => contacts[input]?.() ?? false,
      countOf: (input) => (input === 0 ? passed.A : input === 1 ? passed.B : 0),
      set(coil, isOn) {
        const wasOn = coils.get(coil) ?? false
        coils.set(coil, isOn)
        // At the end of a pulse, as the logic of a tripod does it.
        if (coil < 2 && wasOn && !isOn && is.powered) freeUntil[coil === 0 ? 'A' : 'B'] = performance.now() + FREE_MS
      },
    },
    port,
  )

  async function pass(way: Way): Promise<void> {
    const contact = way === 'A' ? 'passA' : 'passB'
    is[contact] = true
    await setTimeout(passMs)
    is[contact] = false
    passed[way] += 1
  }

  return {
    /** As a lane document names it. */
    port: board.port,
    /** Whether somebody who comes by this way now gets through. */
    isFree,
    isLit: (coil: number) => coils.get(coil) ?? false,
    /** Somebody walks into the arm; whether it let them through. */
    async push(way: Way, takesMs = 800): Promise<boolean> {
      if (is.turning || !isFree(way)) return false
      is.turning = true
      await setTimeout(takesMs)
      freeUntil[way] = 0
      await pass(way)
      is.turning = false
      return true
    },
    /** Somebody gets through although it was locked. */
    force: pass,
    set(what: 'burning' | 'powered' | 'alarmed', isSo: boolean): void {
      // Its relays fall and are drawn again.
      if (what === 'powered' && isSo && !is.powered) for (const way of ['A', 'B'] as const) passed[way] += 1
      is[what] = isSo
    },
    cutLine: board.cut,
    stop: board.stop,
  }
}
