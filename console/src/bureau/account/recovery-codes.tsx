import { NARROW } from '../../look/wording.ts'
/** The codes on paper, shown this once. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  return (
    <div class="recovery">
      <h3>Codes de secours</h3>
      <p>
        Notez-les ou imprimez-les, et gardez-les loin du téléphone{NARROW}: ils ne seront plus affichés. Chacun remplace
        une fois le code du téléphone. Les anciens n’ouvrent plus rien.
      </p>
      <ul class="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p class="buttons">
        <button type="button" class="main-button" onClick={onKept}>
          Je les ai gardés
        </button>
        <button type="button" class="side-button" onClick={() => print()}>
          Imprimer
        </button>
      </p>
    </div>
  )
}
