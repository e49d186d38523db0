import { openBoard } from './board/open-board.ts'
import type { LaneDevices } from './lane-work.ts'
import { listPorts, openLine, portBehind } from './serial-line.ts'

/** The devices of this machine. Their libraries weigh 15 MB: a box without lanes does not load this file. */
export const laneDevices: LaneDevices = { openBoard, openLine, listPorts, portBehind }
