import { NO_ASSETS, type PageAssets } from './assets.ts'
import { renderDocument } from './document.tsx'

/** What a reader is told when the page cannot be shown, by the name of the problem. Each has a way out. */
const MESSAGES = {
  'address-unknown': {
    title: 'Cette page n’existe pas',
    advice: 'L’adresse a peut-être changé. Toutes les webcams sont sur la page d’accueil.',
  },
  'site-unknown': {
    title: 'Aucun lieu ne porte ce nom',
    advice: 'La webcam a peut-être été déplacée. Cherchez le lieu ou la route parmi toutes les webcams.',
  },
  'not-allowed': {
    title: 'Votre rôle n’ouvre pas cette page',
    advice:
      'Demandez à un administrateur le rôle qu’il vous faut, ou connectez-vous avec un autre compte. Les webcams publiques restent ouvertes à tous.',
  },
  'not-ready': {
    title: 'Les images ne peuvent pas être lues pour le moment',
    advice: 'Le service redémarre, ou sa base de données ne répond pas. Revenez dans une minute.',
  },
  'fault-inside': {
    title: 'Cette page ne peut pas être affichée',
    advice: 'Le service a rencontré une panne, qui est signalée. Revenez dans quelques minutes.',
  },
} as const
export type MessageName = keyof typeof MESSAGES

/** The page that says why there is no page, and where to go. */
export function renderMessagePage(
  name: MessageName,
  { now, assets = NO_ASSETS }: { now: number; assets?: PageAssets },
): string {
  const { title, advice } = MESSAGES[name]
  return renderDocument({
    title: `${title} – Inforoute04`,
    description: advice,
    assets,
    now,
    isPassing: true,
    children: (
      <div class="message">
        <h1>{title}</h1>
        <p>{advice}</p>
        <p>
          <a class="way-out" href="/">
            Voir les webcams
          </a>
        </p>
      </div>
    ),
  })
}
