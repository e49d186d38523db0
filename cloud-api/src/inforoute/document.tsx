import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { PageAssets } from './assets.ts'
import { GlyphSheet } from './glyphs.tsx'
import { NARROW } from './wording.ts'

type Props = {
  title: string
  description: string
  assets: PageAssets
  now: number
  /** Extra ways past the header, for keyboards. */
  skips?: { href: string; label: string }[]
  children: ComponentChildren
}

/** A whole page as HTML text. It is complete as it is; the script only keeps it up to date. */
export const renderDocument = (props: Props): string => `<!doctype html>${renderToString(<Document {...props} />)}`

function Document({ title, description, assets, now, skips = [], children }: Props) {
  return (
    <html lang="fr" data-now={now}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <meta name="description" content={description} />
        <meta name="theme-color" content="#0b5563" />
        {assets.icon !== null && <link rel="icon" type="image/svg+xml" href={assets.icon} />}
        {assets.fonts.map((href) => (
          <link rel="preload" as="font" type="font/woff2" href={href} crossorigin="anonymous" />
        ))}
        {assets.styles.map((href) => (
          <link rel="stylesheet" href={href} />
        ))}
        {assets.scripts.map((src) => (
          <script type="module" src={src} />
        ))}
      </head>
      <body class="inforoute">
        <GlyphSheet />
        <nav class="skips" aria-label="Accès rapide">
          <a href="#contenu">Aller au contenu</a>
          {skips.map(({ href, label }) => (
            <a href={href}>{label}</a>
          ))}
        </nav>
        <header class="site-header">
          <a class="brand" href="/">
            <Mark />
            <span class="brand-name">Inforoute04</span>
            <span class="brand-place">Alpes de Haute-Provence</span>
          </a>
          <p class="notice" role="status" hidden />
        </header>
        <main id="contenu" tabIndex={-1}>
          {children}
        </main>
        <Footer />
      </body>
    </html>
  )
}

/** A road that climbs between two slopes. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b5563" />
      <path d="M3 24 12 9l5 8 3-4 9 11z" fill="#ffffff" opacity="0.28" />
      <path d="M13 28c-1-5 9-5 7-9s-7-3-5-8" fill="none" stroke="#ffffff" stroke-width="3" stroke-linecap="round" />
    </svg>
  )
}

function Footer() {
  return (
    <footer class="site-footer">
      <div>
        <h2>Vos données et les nôtres</h2>
        <p>
          Les personnes et les plaques d’immatriculation sont masquées avant que l’image ne quitte la webcam. Une image
          est visible 24{NARROW}heures, puis effacée.
        </p>
        <p>
          Les images et leur état sont des <a href="/api/v1/webcams">données ouvertes (GeoJSON)</a>, sous Licence
          Ouverte 2.0.
        </p>
      </div>
      <div>
        <h2>Sur la route</h2>
        <p>
          Une webcam montre un endroit, à un moment. Adaptez votre vitesse à ce que vous voyez. En cas d’accident,
          appelez le 112.
        </p>
        <p>
          Une image vous concerne, un masque manque{NARROW}? Écrivez au Département des Alpes de Haute-Provence, service
          des routes, à Digne-les-Bains, en indiquant le lieu et l’heure.
        </p>
      </div>
    </footer>
  )
}
