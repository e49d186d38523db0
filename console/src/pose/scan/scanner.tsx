import { useEffect, useRef, useState } from 'preact/hooks'
import { type Label, readLabel } from './label.ts'

type Seeing = 'asking' | 'looking' | 'other-code' | 'refused' | 'absent'

const SEEING: Record<Seeing, string> = {
  asking: 'Autorisez la caméra pour lire l’étiquette.',
  looking: 'Visez le carré de l’étiquette.',
  'other-code': 'Ce code n’est pas celui d’un boîtier.',
  refused: 'La caméra est bloquée dans les réglages du navigateur. Tapez le code.',
  absent: 'Cet appareil n’a pas de caméra. Tapez le code.',
}

/** A look takes about 100 ms on a phone; a pause as long leaves it cool. */
const BETWEEN_LOOKS_MS = 120
/** Codes are read well at this width, and in a fifth of the time of a whole picture. */
const LOOK_WIDTH_PX = 720

/** The phone's camera, looking for a box's label. */
export function Scanner({ onLabel }: { onLabel: (label: Label) => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [seeing, setSeeing] = useState<Seeing>('asking')
  const [light, setLight] = useState<MediaStreamTrack | null>(null)
  const [isLit, setLit] = useState(false)

  useEffect(() => {
    const gone = new AbortController()
    let stream: MediaStream | null = null
    const release = () => {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    async function look() {
      const { mediaDevices } = navigator
      if (mediaDevices === undefined) return setSeeing('absent')
      stream = await mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
      const screen = video.current
      // Whoever has gone on before the camera was there must not leave it running.
      if (gone.signal.aborted || screen === null) return release()
      const [track] = stream.getVideoTracks()
      // Not in the types yet: torch is a capability of some cameras.
      if (track !== undefined && 'torch' in (track.getCapabilities?.() ?? {})) setLight(track)
      screen.srcObject = stream
      await screen.play()
      setSeeing('looking')
      const { readCodes } = await import('../../scan/read-code.ts')
      const canvas = document.createElement('canvas')
      const context = canvas.getContext('2d', { willReadFrequently: true })
      while (!gone.signal.aborted && context !== null) {
        if (screen.videoWidth > 0) {
          const scale = Math.min(1, LOOK_WIDTH_PX / screen.videoWidth)
          canvas.width = Math.round(screen.videoWidth * scale)
          canvas.height = Math.round(screen.videoHeight * scale)
          context.drawImage(screen, 0, 0, canvas.width, canvas.height)
          const codes = await readCodes(context.getImageData(0, 0, canvas.width, canvas.height))
          const label = codes.map(readLabel).find((read) => read !== null)
          if (gone.signal.aborted) return
          if (label != null) return onLabel(label)
          if (codes.length > 0) setSeeing('other-code')
        }
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS))
      }
    }
    look().catch((error: unknown) => {
      if (gone.signal.aborted) return
      const name = error instanceof DOMException ? error.name : ''
      setSeeing(name === 'NotAllowedError' ? 'refused' : 'absent')
    })
    return () => {
      gone.abort()
      release()
    }
  }, [])

  return (
    <div class="scanner" data-seeing={seeing}>
      <video ref={video} muted playsInline aria-label="Ce que voit la caméra du téléphone" />
      <span class="scanner-frame" aria-hidden="true" />
      <p role="status">{SEEING[seeing]}</p>
      {light !== null && (
        <button
          type="button"
          aria-pressed={isLit}
          onClick={() => {
            const torch = { torch: !isLit } as MediaTrackConstraintSet // not in the types yet
            light.applyConstraints({ advanced: [torch] }).then(
              () => setLit(!isLit),
              () => setLight(null),
            )
          }}
        >
          {isLit ? 'Éteindre la lampe' : 'Allumer la lampe'}
        </button>
      )}
    </div>
  )
}
