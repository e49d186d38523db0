/** Everything outside the program that stops the broker, or the museum gateway around it: what it means, and what the technician does. */
export const FAULTS = {
  'port-taken': {
    meaning: 'another process listens on the port',
    action: 'stop the other process, or choose another LISTEN_PORT or HTTP_PORT',
  },
  'address-not-usable': {
    meaning: 'the machine does not have the address, or may not use the port',
    action: 'check LISTEN_HOST; ports below 1024 need a right that the service does not have',
  },
  'data-folder-in-use': {
    meaning: "another museum gateway works in the folder of this one's ledger",
    action: 'stop the other process, or choose another DATA_FOLDER',
  },
} as const

export type FaultCode = keyof typeof FAULTS

/** Starting again may work once another process has let go of the port; the supervisor tries. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly retryable = true

  constructor(code: FaultCode, detail: string, options?: ErrorOptions) {
    super(`${detail}: ${FAULTS[code].meaning}; ${FAULTS[code].action}`, options)
    this.name = 'Fault'
    this.code = code
  }
}
