import { pause } from '../live/pause.ts'
import { createCodeReader } from './code-reader.ts'

export type Seeing = 'asking' | 'looking' | 'refused' | 'absent'

/** A look takes about 100 ms on a phone; a pause as long leaves it cool. */
const BETWEEN_LOOKS_MS = 100

type Watcher = {
  onSeeing(seeing: Seeing): void
  /** All codes that are in the picture now; none where there are none. */
  onCodes(texts: string[]): void
}

/** Shows what the phone's camera sees and reads the codes in it, until the signal. */
export async function watchCamera(
  screen: HTMLVideoElement,
  { onSeeing, onCodes }: Watcher,
  signal: AbortSignal,
): Promise<void> {
  const { mediaDevices } = navigator
  if (mediaDevices === undefined) return onSeeing('absent')
  let stream: MediaStream
  try {
    stream = await mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
  } catch (error) {
    const isRefused = error instanceof DOMException && error.name === 'NotAllowedError'
    return onSeeing(isRefused ? 'refused' : 'absent')
  }
  try {
    if (signal.aborted) return
    screen.srcObject = stream
    await screen.play()
    const read = await createCodeReader()
    onSeeing('looking')
    while (!signal.aborted) {
      if (screen.videoWidth > 0) {
        const texts = await read(screen)
        if (!signal.aborted) onCodes(texts)
      }
      await pause(BETWEEN_LOOKS_MS, signal)
    }
  } finally {
    for (const track of stream.getTracks()) track.stop()
    screen.srcObject = null
  }
}
