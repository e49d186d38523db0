import { HARD, NARROW } from './wording.ts'

/** What every page says at its end: the rights of those who are seen, the open data, and the road itself. */
export function SiteFooter() {
  return (
    <footer class="site-footer">
      <section>
        <h2>Vie privée</h2>
        <p>
          Les personnes et les plaques d’immatriculation sont masquées avant que l’image ne quitte la webcam. Une image
          reste visible 24{HARD}heures, puis elle est effacée.
        </p>
        <p>
          Une image vous concerne, un masque manque{NARROW}? Écrivez au Département des Alpes de Haute-Provence, service
          des routes, à Digne-les-Bains, en donnant le lieu et l’heure.
        </p>
      </section>
      <section>
        <h2>Données ouvertes</h2>
        <p>
          Les images et leur état sont en accès libre, sous Licence Ouverte{HARD}2.0{NARROW}:{' '}
          <a href="/api/v1/webcams">les webcams au format GeoJSON</a>.
        </p>
        <p>Contour du département{NARROW}: Natural Earth, domaine public.</p>
      </section>
      <section>
        <h2>Sur la route</h2>
        <p>
          Une webcam montre un seul endroit, à un seul moment. Adaptez votre conduite à ce que vous voyez devant vous.
          En cas d’accident, appelez le{HARD}112.
        </p>
      </section>
    </footer>
  )
}
