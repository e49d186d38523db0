import type { Check, Facts, Judgement, Run } from '../check.ts'
import { lasting, number } from '../in-french.ts'
import { LIMITS } from '../limits.ts'
import { answerOf } from './asked.ts'

/** Two planned pictures of a site that takes one a minute. */
const SHUT_S = 90

export const DRILL_CHECKS: readonly Check[] = [
  {
    name: 'store-and-forward',
    title: 'Exercice : le réseau coupé',
    how: `Le boîtier ferme sa liaison ${SHUT_S} s et continue ; tout ce qu'il a fait pendant ce temps doit arriver après, une fois.`,
    limit: LIMITS.catchUpS.words,
    advice:
      "Relancez quand le boîtier est resté en ligne cinq minutes. S'il manque encore des images, prévenez le bureau.",
    toDo: null,
    mayBeSaid: false,
    isDrill: true,
    withinS: SHUT_S + LIMITS.catchUpS.value + 300,
    asks: () => [{ as: 'drill', body: { name: 'drill', what: 'store-and-forward', seconds: SHUT_S } }],
    judge: judgeStoreAndForward,
  },
  {
    name: 'restart',
    title: 'Exercice : le logiciel redémarré',
    how: "Le centre demande au logiciel de redémarrer, et le boîtier dit lui-même qu'il est revenu.",
    limit: LIMITS.returnS.words,
    advice: 'Débranchez et rebranchez le boîtier ; si le logiciel ne revient pas seul, remplacez-le.',
    toDo: null,
    mayBeSaid: false,
    isDrill: true,
    withinS: LIMITS.returnS.value + 60,
    asks: () => [{ as: 'restart', body: { name: 'restart-agent' } }],
    judge(facts) {
      const answer = answerOf(facts, 'restart', 'restart')
      if (!('result' in answer)) return answer
      const { awayMs } = answer.result
      const measured = `de retour en ${lasting(awayMs)}`
      if (awayMs <= LIMITS.returnS.value * 1000) return { state: 'passed', measured }
      return { state: 'failed', measured, reason: 'Le logiciel a mis trop de temps à revenir.' }
    },
  },
  {
    name: 'power-cut',
    title: "Exercice : l'alimentation coupée",
    how: "On débranche le boîtier dix secondes. Le centre doit voir la coupure, puis un autre démarrage, et aucune image d'avant ne doit manquer.",
    limit: LIMITS.returnS.words,
    advice:
      "Si le boîtier ne revient pas, vérifiez l'alimentation et la carte. S'il a été arrêté proprement, recommencez en tirant la prise.",
    toDo: "Débranchez l'alimentation du boîtier, comptez jusqu'à dix, rebranchez.",
    mayBeSaid: false,
    isDrill: true,
    // The technician puts gloves off and opens the box first.
    withinS: 1_200,
    begin: ({ presence }) => ({
      boot: presence?.boot ?? null,
      machine: presence?.machineBoot ?? null,
      session: presence?.session ?? 0,
    }),
    judge: judgePowerCut,
  },
]

function judgeStoreAndForward(facts: Facts): Judgement {
  const answer = answerOf(facts, 'drill', 'drill')
  if (!('result' in answer)) return answer
  const { shutMs, madeItems, madeFrames, ids } = answer.result
  const told = new Set<string>(ids)
  const arrived = facts.recent.filter(({ id }) => told.has(id)).length
  // Of a longer list only the first ids were told, and not all of those are of frames.
  const expected = ids.length < madeItems ? Math.min(arrived, madeFrames) : madeFrames
  const made = `${number(madeItems)} messages dont ${number(madeFrames)} images faits en ${lasting(shutMs)} de coupure`
  if (madeItems === 0) return { state: 'failed', reason: "Le boîtier n'a rien fait pendant la coupure." }
  if (arrived < expected) {
    const missing = `${made} ; ${number(expected - arrived)} images manquent encore.`
    const isOver = facts.now - answer.command.at > LIMITS.catchUpS.value * 1000
    return isOver
      ? {
          state: 'failed',
          measured: made,
          reason: `Des images manquent après ${lasting(LIMITS.catchUpS.value * 1000)}.`,
        }
      : { state: 'running', reason: missing }
  }
  return { state: 'passed', measured: `${made}, tous arrivés, sans double` }
}

/** Sees the unit go, come back from another start of its machine, and look again; then counts what it made before. */
function judgePowerCut({ presence, recent, latest, now }: Facts, { startedAt, begun }: Run): Judgement {
  const seen = { ...begun }
  if (begun['boot'] === null) return { state: 'waiting', reason: "Le boîtier n'était pas en ligne au lancement." }
  if (presence?.condition === 'offline' && seen['lostAt'] === undefined) {
    if (presence.reason === 'stopped') return { state: 'failed', reason: 'Le boîtier a été arrêté, pas débranché.' }
    seen['lostAt'] = presence.since
  }
  const isBack = presence?.condition === 'online' && presence.boot !== begun['boot']
  if (!isBack) {
    const reason = seen['lostAt'] === undefined ? 'Débranchez le boîtier.' : 'Coupure vue. Rebranchez le boîtier.'
    return { state: 'running', reason, begun: seen }
  }
  // A unit that says nothing of its machine is judged by its agent's own boot.
  if (presence.machineBoot !== null && presence.machineBoot === begun['machine']) {
    return { state: 'failed', reason: "Le boîtier n'a pas été coupé, seul l'agent a redémarré." }
  }
  seen['backAt'] ??= now
  const backAt = Number(seen['backAt'])
  // A picture of the new boot, or a view that was seen unchanged since the cut.
  const cutAt = Number(seen['lostAt'] ?? backAt)
  const isLooking = latest.some(({ boot, seenAt }) => boot === presence.boot || (seenAt ?? 0) > cutAt)
  if (!isLooking)
    return { state: 'running', reason: 'Le boîtier est revenu ; sa première image est attendue.', begun: seen }
  const { frames, missing } = gapsOf(recent.filter(({ boot }) => boot === begun['boot']))
  const cut =
    seen['lostAt'] === undefined
      ? ''
      : `, coupure vue ${lasting(Number(seen['lostAt']) - startedAt)} après le lancement`
  const measured = `autre démarrage, session ${number(presence.session)}${cut} ; ${number(frames)} images d'avant, ${number(missing)} manquantes`
  if (missing > 0) return { state: 'failed', measured, reason: "Des images d'avant la coupure manquent." }
  const tookMs = backAt - Number(seen['lostAt'] ?? startedAt)
  if (seen['lostAt'] === undefined || tookMs <= LIMITS.returnS.value * 1000) return { state: 'passed', measured }
  return { state: 'failed', measured, reason: 'Le boîtier a mis trop de temps à revenir.' }
}

/** Frames count up by one within a boot: a gap is a loss. */
function gapsOf(frames: readonly { seq: number }[]): { frames: number; missing: number } {
  const numbers = frames.map(({ seq }) => seq)
  if (numbers.length === 0) return { frames: 0, missing: 0 }
  return { frames: numbers.length, missing: Math.max(...numbers) - Math.min(...numbers) + 1 - new Set(numbers).size }
}
