import { momentInWords, NARROW } from '../../look/wording.ts'
import { faultWords } from '../fault-words.ts'
import type { Need, Standing } from '../wall/need.ts'
import type { Unit } from '../wall/site.ts'
import { failuresInWords, presenceInWords, sinceInWords } from '../words.ts'

/** What is wrong and what to do about it, in that order; nothing when nothing is. */
export function Why({ standing, now }: { standing: Standing; now: number }) {
  const { need, site, failing, view } = standing
  if (need === 'offline')
    return <Reason title={`Unité ${presenceInWords(site.unit, now)}`} advice={offlineAdvice(site.unit, now)} />
  if (failing !== null) {
    const { title, advice } = faultWords(failing.fault)
    const since = `depuis ${sinceInWords(failing.since, now)}, ${failuresInWords(failing.failures)}`
    return <Reason title={capital(title)} since={since} advice={advice} />
  }
  if (need === 'doubted') {
    return view?.preset.doubts.map((code) => {
      const { title, advice } = faultWords(code)
      return (
        <Reason key={code} title={capital(title)} since="L’image est publiée, le public est prévenu" advice={advice} />
      )
    })
  }
  const advice = ADVICE[need]
  return advice === undefined ? null : <Reason title={advice.title} advice={advice.advice} />
}

const ADVICE: Partial<Record<Need, { title: string; advice: string }>> = {
  stale: {
    title: 'L’unité parle, mais ses images n’arrivent plus',
    advice: `Regarder la file d’attente ci-dessous${NARROW}: si elle grandit, la liaison est trop lente. Sinon, l’horloge de l’unité peut être fausse.`,
  },
  late: {
    title: 'Une image manque',
    advice: 'Rien à faire pour le moment. Si cela dure, regarder le temps de réponse de la caméra.',
  },
  maintenance: { title: 'Quelqu’un s’en occupe', advice: 'La webcam est en maintenance, le public le sait.' },
  withdrawn: { title: 'Webcam retirée', advice: 'Ses images ne sont pas diffusées.' },
}

function offlineAdvice({ presence, reason, heardAt }: Unit, now: number): string {
  if (presence === 'unknown' && heardAt === null)
    return 'L’unité ne s’est encore jamais annoncée. Vérifier qu’elle est posée, alimentée et enrôlée.'
  const heard = heardAt === null ? '' : ` Dernière nouvelle${NARROW}: ${momentInWords(Date.parse(heardAt), now)}.`
  if (reason === 'stopped') return `Elle a été arrêtée. La remettre en marche.${heard}`
  if (presence === 'online') return `Elle est en liaison, mais aucune image n’est encore venue.${heard}`
  return `Vérifier si d’autres unités de la vallée se taisent aussi, puis l’alimentation, le modem et la carte SIM. Elle garde ses images et revient d’elle-même.${heard}`
}

function Reason({ title, since, advice }: { title: string; since?: string; advice: string }) {
  return (
    <section class="why" aria-label="Ce qui se passe">
      <p class="why-title">{title}</p>
      {since !== undefined && <p class="why-since">{since}</p>}
      <p>{advice}</p>
    </section>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
