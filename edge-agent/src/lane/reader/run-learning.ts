import type { Terminal } from '../../probe/terminal.ts'
import type { Time } from '../../time.ts'
import type { OpenLine } from '../serial-line.ts'
import { type LearnStep, type Learnt, learnReader } from './learn-reader.ts'

type Deps = { openLine: OpenLine; time: Time; terminal: Pick<Terminal, 'print' | 'remark'> }

/** What was heard, and what to do. */
const HEARD: Record<Extract<LearnStep, { kind: 'heard' }>['scan']['is'], string> = {
  noise: 'Illisible à cette vitesse : j’essaie la suivante.',
  'lower-case': 'Le lecteur change la casse des lettres : lui ôter ce réglage (« case conversion »), puis recommencer.',
  damaged: 'Des caractères manquent ou changent : choisir la disposition « US » du lecteur, puis recommencer.',
  'another-code': 'Ce n’est pas le code d’étalonnage : présenter celui-ci.',
  'odd-frame':
    'Le lecteur ajoute quelque chose autour du code : lui ôter préfixe et suffixe, sauf CR, puis recommencer.',
}

const NOT_LEARNT: Record<Extract<Learnt, { ok: false }>['why'], string> = {
  silent: 'Rien n’est venu en une minute : vérifier le câble, le port et que le lecteur lit.',
  'no-speed-fits': 'Aucune vitesse ne convient : remettre le lecteur à ses réglages d’usine, puis recommencer.',
  'port-refused':
    'Ce port ne s’ouvre pas : vérifier son nom et le câble. Si l’agent l’occupe, « sudo systemctl stop vigie-agent » d’abord.',
}

/** `vigie lane learn`: prints what belongs into the profile of the reader. @returns the exit code */
export async function runLearning(port: string, { openLine, time, terminal }: Deps, signal: AbortSignal) {
  const onStep = (step: LearnStep) => {
    if (step.kind === 'listening') {
      terminal.remark(`Présenter le code d’étalonnage devant le lecteur (${step.baud} bauds).`)
      return
    }
    terminal.remark(HEARD[step.scan.is])
    if ('safe' in step.scan) terminal.remark(`  reçu : ${step.scan.safe}`)
  }
  const learnt = await learnReader(port, { openLine, time, onStep }, signal)
  if (learnt.ok) {
    const { serial, ends } = learnt
    terminal.remark('Trouvé. À écrire dans le profil du lecteur :')
    terminal.print(JSON.stringify({ serial, ends }, null, 2))
    return 0
  }
  terminal.remark(NOT_LEARNT[learnt.why])
  return 1
}
