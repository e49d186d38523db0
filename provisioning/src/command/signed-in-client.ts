import { type CloudClient, createCloudClient } from '../cloud/cloud-client.ts'
import { readSession } from '../cloud/kept-session.ts'
import { Fault } from '../faults.ts'

export type SignedInClient = CloudClient & { origin: string }

/** The cloud, as the person who has signed in; throws a Fault `session-needed` when nobody has. */
export function signedInClient(sessionFile: string): SignedInClient {
  const session = readSession(sessionFile)
  if (session === undefined) throw new Fault('session-needed', sessionFile)
  return { ...createCloudClient(session), origin: session.origin }
}
