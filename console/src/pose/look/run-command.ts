import { pause } from '../../live/pause.ts'
import type { PoseCloud } from '../cloud/pose-cloud.ts'
import type { CommandTold } from '../cloud/told.ts'

/** A command's life changes in seconds. */
const EVERY_MS = 1_000
const ENDS: readonly CommandTold['step'][] = ['done', 'refused', 'expired']

/** Asks a unit for something and waits for its end, telling each step. Rejects when the cloud does not answer. */
export async function runCommand(
  cloud: Pick<PoseCloud, 'ask' | 'command'>,
  { site, body, onStep }: { site: string; body: Record<string, unknown>; onStep?: (told: CommandTold) => void },
  signal: AbortSignal,
): Promise<CommandTold> {
  const id = await cloud.ask(site, body, signal)
  for (;;) {
    const told = await cloud.command(site, id, signal)
    onStep?.(told)
    if (ENDS.includes(told.step)) return told
    await pause(EVERY_MS, signal)
    signal.throwIfAborted()
  }
}

/** How far a command came, for somebody who waits for it. */
export const COMMAND_WORDS: Record<CommandTold['step'], string> = {
  queued: 'Demande envoyée au centre…',
  delivered: 'Demande transmise au boîtier…',
  accepted: 'Le boîtier y travaille…',
  done: 'Fait.',
  refused: 'Le boîtier a refusé.',
  expired: 'Le boîtier n’a pas répondu à temps.',
}

/** Why a unit refused, where a technician can do something about it. */
const REASONS: Record<string, string> = {
  'clock-unknown': 'Il ne connaît pas encore l’heure. Réessayez dans une minute.',
  'too-many-commands': 'Il a déjà trop de demandes en cours. Réessayez dans une minute.',
  'camera-unreachable': 'Aucune caméra ne répond à cette adresse. Vérifiez le câble et l’alimentation.',
  'camera-auth': 'La caméra refuse ce mot de passe.',
}
export const reasonInWords = (reason: string | null): string =>
  reason === null ? '' : (REASONS[reason] ?? `Motif : ${reason}.`)
