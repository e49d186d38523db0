/** One line of the table of faults: what a code means, and what the person who looks after the cloud does. */
export type FaultLine = { meaning: string; whatToDo: string }

/** Every fault of cloud-api. Logs, /health and the documentation use these codes and no others. */
export const FAULTS = {
  'store-unavailable': {
    meaning: 'The database cannot be written or read just now: full disk, lost connection, locked file.',
    whatToDo:
      'Free space under DATA_FOLDER or restore PostgreSQL. Nothing is lost: units keep what has no receipt and send it again.',
  },
  'store-damaged': {
    meaning: 'The database file is damaged or was made by a newer version.',
    whatToDo: 'Stop cloud-api, keep a copy of the file, restore the last backup or install the newer version.',
  },
  'pictures-unavailable': {
    meaning: 'A picture, a photo or a report cannot be written, read or deleted.',
    whatToDo: 'Check space, rights and health of the disk that holds DATA_FOLDER.',
  },
  'series-unavailable': {
    meaning: 'The time-series store does not take points or does not answer.',
    whatToDo: 'Check INFLUX_URL, its user and password, and its disk. Units keep their telemetry meanwhile.',
  },
  'address-taken': {
    meaning: 'Nothing can be answered on LISTEN_HOST and LISTEN_PORT.',
    whatToDo: 'End the other program that has the port, or choose another LISTEN_PORT.',
  },
  'broker-unreachable': {
    meaning: 'No connection to the MQTT broker.',
    whatToDo: 'Check that the broker runs, MQTT_URL, and that CERTIFICATE_FILE is one that the broker takes.',
  },
  'broker-refuses': {
    meaning: 'The broker took the connection but not the subscriptions of the cloud.',
    whatToDo: 'Give the certificate of cloud-api (CN=cloud) the rights of the cloud in the access rules of the broker.',
  },
  'report-not-signed': {
    meaning: 'A commissioning report cannot be signed: the key refuses, or the chain is longer than the room for it.',
    whatToDo:
      'Check REPORT_CERTIFICATE_FILE and REPORT_KEY_FILE: a P-256 key, its certificate first, three above it at most.',
  },
  'authority-unreachable': {
    meaning: 'The certificate authority does not answer the cloud, or takes it for somebody else.',
    whatToDo:
      'Check that the authority runs, AUTHORITY_URL, and that CERTIFICATE_FILE is CN=cloud of that authority, not revoked. Units go on; claims, enrolments and revocations wait.',
  },
  'certificate-ends': {
    meaning:
      'A certificate of the cloud or of the broker ends within 30 days, or has ended, or its renewed files do not fit each other.',
    whatToDo:
      'Renew it for the same key (`vigie ca issue`, in docs/cloud-operator.md) and put it in the place of the old one: it is taken on within 10 s, without a restart.',
  },
  'seller-unreachable': {
    meaning: 'Another seller of tickets does not answer, does not know our key, or says what makes no sense.',
    whatToDo:
      'Check `sellers` in OFFER_FILE and the key in SELLER_KEYS_FOLDER. Its tickets that are known already stay good; newer ones can be imported as a file.',
  },
  'clock-jumped': {
    meaning:
      "The machine's clock jumped: more than an hour ahead, or more than five minutes back. The cloud goes on by the time that has passed; nothing is deleted, refused or expired by the new time.",
    whatToDo:
      'Set the clock right (NTP). If the new time is the right one, restart cloud-api: it then goes by it at once, else after an hour (back) or six (ahead).',
  },
  'sign-in-crowded': {
    meaning: 'So many people sign in, or somebody tries so many passwords, that the line before the door is full.',
    whatToDo:
      'It passes by itself; who is signed in notices nothing. If it lasts, look in the log for `people.refused` and keep that address out at the proxy.',
  },
} as const satisfies Record<string, FaultLine>

export type FaultCode = keyof typeof FAULTS

/** The world failed. `retryable`: the same call may succeed later without anybody's help or after `whatToDo`. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly retryable: boolean

  constructor(
    code: FaultCode,
    { cause, retryable = true, detail }: { cause?: unknown; retryable?: boolean; detail?: string } = {},
  ) {
    super(`${code}${detail === undefined ? '' : `: ${detail}`}`, { cause })
    this.name = 'Fault'
    this.code = code
    this.retryable = retryable
  }
}
