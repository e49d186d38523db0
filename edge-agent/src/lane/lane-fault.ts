/** The rows of a lane in the agent's fault table. */
export const LANE_FAULTS = {
  revoked: {
    meaning: 'The authority has told this box that its access was taken back: its lanes let nobody in',
    technician:
      'Enrol the box anew with a claim of its own, or put another in its place and rescue what lies on its disk',
    retryable: false,
  },
  'ledger-returning': {
    meaning:
      'The ledger of this box was damaged, and what it wrote comes back from the museum gateway: a minute at most',
    technician: 'Wait a minute; the staff opens by hand meanwhile. If it comes back often, replace the flash disk',
    retryable: true,
  },
  'reader-lost': {
    meaning: 'The reader of a lane is not there, or its port cannot be opened',
    technician: 'Check its cable and its power, then its port in the lane document; it is taken up again by itself',
    retryable: true,
  },
  'board-silent': {
    meaning: 'The input and output board of a lane does not answer',
    technician: 'Check its power, its two wires of RS-485 and its address, then its port in the lane document',
    retryable: true,
  },
  'board-refused': {
    meaning: 'The input and output board answered that it cannot do what it was told',
    technician: 'Compare model and wiring in the lane document with the board',
    retryable: true,
  },
  'tripod-alarm': {
    meaning: 'The tripod says by its alarm contact that it has a fault, or the wire of that contact is cut',
    technician: "Read the tripod's own display; then check the wire of its alarm contact",
    retryable: true,
  },
  'tripod-unpowered': {
    meaning: 'All contacts of the tripod fell at once: it has no power',
    technician: 'Check the mains of the tripod, then the common wire of its contacts',
    retryable: true,
  },
  'tripod-unready': {
    meaning: 'The arm has not been at rest for half a minute although nobody was let in',
    technician: 'Look whether something holds the arm; then check the wire of the ready contact',
    retryable: true,
  },
  'arm-stuck': {
    meaning: 'Somebody was let in and the arm has not come to rest for half a minute',
    technician: 'Look whether somebody stands in it or something holds it; it goes on by itself',
    retryable: true,
  },
  'board-deaf': {
    meaning: 'A lane document names a board that cannot confirm a passage, so that a ticket would be used up unseen',
    technician: 'Wire a board with inputs, and name it in the lane document',
    retryable: false,
  },
  'lane-wrong': {
    meaning: 'A lane document names a contact that the board has not, or no port and nothing that tells it',
    technician: 'Mend the place that is named, and publish a new version',
    retryable: false,
  },
} as const

export type LaneFaultCode = keyof typeof LANE_FAULTS

/** A device of a lane failed. Compared by `code`. */
export class LaneFault extends Error {
  readonly code: LaneFaultCode
  readonly retryable: boolean

  constructor(code: LaneFaultCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? LANE_FAULTS[code].meaning : `${LANE_FAULTS[code].meaning}: ${detail}`, options)
    this.name = 'LaneFault'
    this.code = code
    this.retryable = LANE_FAULTS[code].retryable
  }
}
