import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { PageAssets } from './assets.ts'
import { GlyphSheet } from './glyphs.tsx'
import { SiteFooter } from './site-footer.tsx'
import { dayInWords, timeOfDay } from './wording.ts'

type Props = {
  title: string
  description: string
  assets: PageAssets
  now: number
  /** Extra ways past the header, for keyboards. */
  skips?: { href: string; label: string }[]
  /** Not for search engines: a page that exists for a moment only. */
  isPassing?: boolean
  children: ComponentChildren
}

/** A whole page as HTML text. It is complete as it is; the script only keeps it up to date. */
export const renderDocument = (props: Props): string => `<!doctype html>${renderToString(<Document {...props} />)}`

function Document({ title, description, assets, now, skips = [], isPassing = false, children }: Props) {
  return (
    <html lang="fr" data-now={now}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <meta name="description" content={description} />
        <meta name="theme-color" content="#fbfaf7" />
        {isPassing && <meta name="robots" content="noindex" />}
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
          <p class="page-time">
            <time dateTime={new Date(now).toISOString()}>
              <span class="page-day">{dayInWords(now)}, </span>
              <span class="page-clock">{timeOfDay(now)}</span>
            </time>
          </p>
        </header>
        <p class="notice" role="status" />
        <main id="contenu" tabIndex={-1}>
          {children}
        </main>
        <SiteFooter />
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
