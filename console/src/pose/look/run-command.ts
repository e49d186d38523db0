import { pause } from '../../live/pause.ts'
import { NARROW } from '../../look/wording.ts'
import type { CommandWish, PoseCloud } from '../cloud/pose-cloud.ts'
import type { CommandTold } from '../cloud/told.ts'

/** Between two answers that came at once: an old proxy may not let a question wait. */
const BREATH_MS = 500
const ENDS: readonly CommandTold['step'][] = ['done', 'refused', 'expired']

/** Asks a unit for something and waits for its end, telling each step. Rejects when the cloud does not answer. */
export async function runCommand(
  cloud: Pick<PoseCloud, 'ask' | 'command'>,
  { site, wish, onStep }: { site: string; wish: CommandWish; onStep?: (told: CommandTold) => void },
  signal: AbortSignal,
): Promise<CommandTold> {
  let told = await cloud.ask(site, wish, signal)
  while (!ENDS.includes(told.step)) {
    onStep?.(told)
    await pause(BREATH_MS, signal)
    signal.throwIfAborted()
    told = await cloud.command(site, told.id, told.version, signal)
  }
  onStep?.(told)
  return told
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
  reason === null ? '' : (REASONS[reason] ?? `Motif${NARROW}: ${reason}.`)
