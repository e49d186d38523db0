import type { BoardProfile, ReaderProfile } from '../lane-profiles.ts'
import type { Problem } from '../problems.ts'
import type { LaneFacts } from './lane.ts'
import type { LaneWiring } from './lane-wiring.ts'

const INPUTS = ['passA', 'passB', 'ready', 'alarm', 'fire'] as const satisfies (keyof LaneWiring)[]
const OUTPUTS = ['pulseA', 'pulseB', 'green', 'red', 'sound'] as const satisfies (keyof LaneWiring)[]

/** What no schema can see of lanes: contacts with two meanings, a way without its contact, a port with two owners. */
export function laneProblems(lanes: readonly LaneFacts[]): Problem[] {
  return lanes.flatMap((lane, index) => {
    const { wiring } = lane.board
    const place = `lane.lanes[${index}]`
    const isShared = portsOf(lane).some((port) =>
      lanes.some((other, at) => at < index && other.unit === lane.unit && portsOf(other).includes(port)),
    )
    const wrong: [isWrong: boolean, place: string, message: string][] = [
      [lane.direction === 'both' && wiring.passB === undefined, `${place}.board.wiring.passB`, 'is missing'],
      [lane.exitReader !== undefined && wiring.pulseB === undefined, `${place}.board.wiring.pulseB`, 'is missing'],
      [lane.exitReader !== undefined && lane.direction !== 'both', `${place}.exitReader`, 'has no way out to serve'],
      [isTwice(INPUTS, wiring), `${place}.board.wiring`, 'has one input for two things'],
      [isTwice(OUTPUTS, wiring), `${place}.board.wiring`, 'has one output for two things'],
      [lane.companion === true && lane.kind !== 'wide', `${place}.companion`, 'is for a wide wicket'],
      // One loop owns one device: two that share a line would cut each other short.
      [isShared || isOwnPortTwice(lane), `${place}.board.port`, 'is used twice by one box'],
    ]
    return wrong.flatMap(([isWrong, at, message]) => (isWrong ? [{ place: at, message }] : []))
  })
}

export type ProfileProblem = Problem & { is: 'profile-unknown' | 'board-deaf' | 'contact-absent' | 'port-missing' }

/** What is wrong with lanes once it is known which readers and boards there are. */
export function laneProfileProblems(
  lanes: readonly LaneFacts[],
  profiles: { readers: ReadonlyMap<string, ReaderProfile>; boards: ReadonlyMap<string, BoardProfile> },
): ProfileProblem[] {
  return lanes.flatMap(({ reader, exitReader, board: { profile, port, wiring } }, index) => {
    const place = `lane.lanes[${index}]`
    const problem = (is: ProfileProblem['is'], at: string, message: string) => [{ is, place: `${place}${at}`, message }]
    const board = profiles.boards.get(profile)
    const readers = exitReader ? [reader, exitReader] : [reader]
    if (board === undefined) return problem('profile-unknown', '.board.profile', 'is no profile')
    if (readers.some((one) => !profiles.readers.has(one.profile))) {
      return problem('profile-unknown', '.reader.profile', 'is no profile')
    }
    if (!board.confirmsPassage) return problem('board-deaf', '.board.profile', 'cannot confirm a passage')
    const isBeyond =
      INPUTS.some((name) => (wiring[name] ?? 0) >= board.inputs) ||
      OUTPUTS.some((name) => (wiring[name] ?? 0) >= board.outputs)
    if (isBeyond) return problem('contact-absent', '.board.wiring', 'names a contact that the board has not')
    if (board.counts !== undefined && wiring.passB === undefined) {
      return problem(
        'contact-absent',
        '.board.wiring.passB',
        'is missing, by which loss of power is told from a passage',
      )
    }
    if (port === undefined) return problem('port-missing', '.board.port', 'is missing')
    const isLost = readers.some((one) => one.port === undefined && !profiles.readers.get(one.profile)?.usb)
    return isLost ? problem('port-missing', '.reader.port', 'is missing') : []
  })
}

const portsOf = ({ reader, exitReader, board }: LaneFacts): string[] =>
  [reader.port, exitReader?.port, board.port].flatMap((port) => port ?? [])

const isOwnPortTwice = (lane: LaneFacts) => new Set(portsOf(lane)).size !== portsOf(lane).length

function isTwice(names: readonly (keyof LaneWiring)[], wiring: LaneWiring): boolean {
  const used = names.flatMap((name) => wiring[name] ?? [])
  return new Set(used).size !== used.length
}
