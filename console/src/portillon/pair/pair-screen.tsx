import { useEffect, useRef, useState } from 'preact/hooks'
import { watchCamera } from '../../scan/watch-camera.ts'
import { readPass } from './read-pass.ts'

type Props = { onPass: (pass: string) => void; refusal: string | null; isBusy: boolean }

/** A device that the gateway does not know: its pass is made at the desk, and read here. */
export function PairScreen({ onPass, refusal, isBusy }: Props) {
  const [isScanning, setScanning] = useState(false)
  const [typed, setTyped] = useState('')
  const screen = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (!isScanning || screen.current === null) return
    const gone = new AbortController()
    const onCodes = (texts: string[]) => {
      const pass = texts.map(readPass).find((read) => read !== null)
      if (pass != null) {
        setScanning(false)
        onPass(pass)
      }
    }
    watchCamera(
      screen.current,
      { onSeeing: (seeing) => seeing !== 'asking' && seeing !== 'looking' && setScanning(false), onCodes },
      gone.signal,
    ).catch(() => setScanning(false))
    return () => gone.abort()
  }, [isScanning])
  const pasted = readPass(typed)
  return (
    <main class="screen pair">
      <h1>Appairer cet appareil</h1>
      <p>Au guichet, ouvrez « Téléphone » et affichez le code. Scannez-le ici, ou ouvrez son lien sur cet appareil.</p>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <div class="camera" hidden={!isScanning}>
        <video ref={screen} muted playsInline aria-label="Ce que voit la caméra" />
        <span class="camera-frame" aria-hidden="true" />
      </div>
      {!isScanning && (
        <button type="button" class="primary" aria-busy={isBusy} onClick={() => setScanning(true)}>
          Scanner le code
        </button>
      )}
      <form
        class="typed"
        onSubmit={(event) => {
          event.preventDefault()
          if (pasted !== null) onPass(pasted)
        }}
      >
        <label for="laissez-passer">Lien ou laissez-passer collé</label>
        <input
          id="laissez-passer"
          value={typed}
          autocomplete="off"
          spellcheck={false}
          maxLength={2_500}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit" disabled={pasted === null}>
          Appairer
        </button>
      </form>
    </main>
  )
}
