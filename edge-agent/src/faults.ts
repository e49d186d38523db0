import { CAMERA_FAULTS, type CameraFaultCode } from './camera/camera-fault.ts'
import { LANE_FAULTS, type LaneFaultCode } from './lane/lane-fault.ts'

/** One row: what it means, what the technician does about it, whether the same thing may go well later by itself. */
export type FaultRow = { meaning: string; technician: string; retryable: boolean }

const AGENT_FAULTS = {
  'mask-missing': {
    meaning: 'The view has no approved mask document, so that no picture of it is taken',
    technician:
      "Have the view's masks approved and put them into the site's document; an empty list needs approval too",
    retryable: false,
  },
  'picture-broken': {
    meaning: "The camera's JPEG cannot be decoded, or ends too early",
    technician: 'Check cable and connectors; update the firmware of the camera',
    retryable: true,
  },
  'picture-too-large': {
    meaning: 'The picture has more bytes or pixels than the unit takes, or still weighs too much once encoded',
    technician: "Lower the resolution of the camera's snapshots, or width and quality in the site's document",
    retryable: true,
  },
  'picture-black': {
    meaning: 'By day the picture is as good as black; it is published with this doubt',
    technician: 'Look whether something covers the lens; check exposure and iris, then replace the camera',
    retryable: true,
  },
  'picture-overexposed': {
    meaning: 'More than half of the picture is white; it is published with this doubt',
    technician: 'Check exposure and iris of the camera; shade it if the sun stands in its view',
    retryable: true,
  },
  'picture-blurred': {
    meaning: 'Nothing in the picture is sharp: the lens is iced, wet or out of focus; it is published with this doubt',
    technician: 'Wait for the thaw or clean the lens; check its heating and its focus',
    retryable: true,
  },
  'picture-frozen': {
    meaning: 'The camera gives the same picture again and again, which it does not do when it is well; it is withheld',
    technician: 'Cut and restore the power of the camera; if it comes back, update its firmware',
    retryable: true,
  },
  'view-moved': {
    meaning: 'The view is no longer the one whose masks were approved, so that its pictures are withheld',
    technician: 'Turn the camera back; or draw the masks anew and have them approved as a new version',
    retryable: true,
  },
  'picture-not-road': {
    meaning: "The camera gives a card of its own instead of the road, such as 'no signal'; it is withheld",
    technician: "Look at the camera's own page: sensor, input and privacy settings; then cut and restore its power",
    retryable: true,
  },
  'configuration-untrusted': {
    meaning: "A desired configuration is not signed by the fleet's own signer, or not validly now",
    technician: "Nothing at the site: look who publishes configuration, and at the signer's certificate and its dates",
    retryable: false,
  },
  'configuration-elsewhere': {
    meaning: 'A desired configuration is for another unit or another site',
    technician: 'Compare the unit with the label of its box, and with the site that it was enrolled for',
    retryable: false,
  },
  'configuration-older': {
    meaning:
      'A desired configuration came that is not newer than one the unit has had: it may be an old one played again',
    technician: 'Publish it as a new version if it is wanted; if nobody did, somebody speaks in the name of the cloud',
    retryable: false,
  },
  'configuration-wrong': {
    meaning: 'A desired configuration does not fit its schema, or its documents do not fit each other',
    technician: 'Mend the place that is named, and publish a new version',
    retryable: false,
  },
  'configuration-interrupted': {
    meaning: 'The agent was restarted while it tried a desired configuration, and went back to the last good one',
    technician: 'Let it be tried again; if it is interrupted again, this configuration is what ends the agent',
    retryable: true,
  },
  'profile-unknown': {
    meaning: 'A desired configuration names a camera profile that this box has not',
    technician: 'Choose another profile, or update the software of the box first',
    retryable: true,
  },
  'secret-sealed': {
    meaning: "A camera's password is not sealed to a key of this unit, or was sealed for another camera or address",
    technician: 'Enter the password of the camera again',
    retryable: true,
  },
  'uplink-not-held': {
    meaning: 'With the desired configuration the connection did not hold for a minute, and the unit went back',
    technician: 'Check the mobile network, then let it be tried again',
    retryable: true,
  },
  'plan-replaced': {
    meaning: 'The unit got another configuration before the picture was taken',
    technician: 'Ask again: the cameras work by the new configuration now',
    retryable: true,
  },
  'outbox-full': {
    meaning: 'No room is left for this class of items, and nothing lesser can give way',
    technician: 'Restore the connection: items leave when the cloud has stored them',
    retryable: true,
  },
  'disk-failing': {
    meaning: 'The disk is full or cannot be written',
    technician: 'Free space in the data folder; if space is free, replace the flash disk',
    retryable: true,
  },
  'data-folder-in-use': {
    meaning: 'Another agent works in this data folder',
    technician: 'Stop the other agent; each unit has its own data folder',
    retryable: true,
  },
  'broker-unreachable': {
    meaning: 'No connection to the broker',
    technician: 'Check modem, SIM and antenna, then the address of the broker; the unit keeps trying',
    retryable: true,
  },
  'broker-untrusted': {
    meaning: "The broker's certificate is not from the authority in the settings, or not for its name",
    technician: "Compare CA_FILE with the fleet's authority; check the unit's clock",
    retryable: true,
  },
  'broker-refused': {
    meaning: 'The broker does not let the unit in, or not to its own topics',
    technician: "Check that the unit's certificate is valid, not revoked, and names this unit and site",
    retryable: true,
  },
  'broker-silent': {
    meaning: 'The broker took the connection and stopped answering',
    technician: 'Nothing at the site: look at the broker',
    retryable: true,
  },
  'authority-unreachable': {
    meaning: 'No connection to the certificate authority',
    technician: 'Check modem, SIM and antenna, then AUTHORITY_URL; the unit keeps trying',
    retryable: true,
  },
  'authority-untrusted': {
    meaning:
      "The certificate authority's own certificate does not lead to a root that the unit knows, or not for its name",
    technician: 'Compare CA_FILE with the roots of the fleet; the unit must be prepared anew when they are others',
    retryable: true,
  },
  'authority-refused': {
    meaning: 'The certificate authority does not give the unit a certificate; the detail says why',
    technician:
      'Ask the office: the claim is used up, expired or for another site, or the unit was revoked; get a new claim',
    retryable: true,
  },
  'authority-silent': {
    meaning: 'The certificate authority took the connection and gave no answer that could be used',
    technician: 'Nothing at the site: look at the authority',
    retryable: true,
  },
} as const satisfies Record<string, FaultRow>

/** Every fault of the agent, by code. FAULTS.md is this table for people; a test holds both together. */
export const FAULTS = { ...CAMERA_FAULTS, ...LANE_FAULTS, ...AGENT_FAULTS } as const satisfies Record<string, FaultRow>

export type AgentFaultCode = keyof typeof AGENT_FAULTS
export type FaultCode = CameraFaultCode | LaneFaultCode | AgentFaultCode

/** The world failed, not the program. Compared by `code`; the detail never holds a secret. */
export class AgentFault extends Error {
  readonly code: AgentFaultCode
  readonly retryable: boolean

  constructor(code: AgentFaultCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? AGENT_FAULTS[code].meaning : `${AGENT_FAULTS[code].meaning}: ${detail}`, options)
    this.name = 'AgentFault'
    this.code = code
    this.retryable = AGENT_FAULTS[code].retryable
  }
}

/** The code of a fault of this workspace; null for anything else, which is a bug or a cancellation. */
export function faultCodeOf(error: unknown): FaultCode | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const { code } = error
  return typeof code === 'string' && Object.hasOwn(FAULTS, code) ? (code as FaultCode) : null // a key of the table
}
