import type { Appearance } from '@vigie/contract/gate/words'

type Note = { hz: number; fromS: number; forS: number }

/** One rising pair; two short ones; one long and even; three falling: told apart in a full hall, with the eyes elsewhere. */
export const TONES: Record<Appearance['tone'], readonly Note[]> = {
  rising: [
    { hz: 660, fromS: 0, forS: 0.1 },
    { hz: 990, fromS: 0.11, forS: 0.16 },
  ],
  double: [
    { hz: 880, fromS: 0, forS: 0.09 },
    { hz: 880, fromS: 0.16, forS: 0.09 },
  ],
  even: [{ hz: 440, fromS: 0, forS: 0.5 }],
  falling: [
    { hz: 520, fromS: 0, forS: 0.14 },
    { hz: 390, fromS: 0.16, forS: 0.14 },
    { hz: 260, fromS: 0.32, forS: 0.24 },
  ],
}
/** The same by hand, where a phone can: milliseconds on, off, on. */
export const SHAKES: Record<Appearance['tone'], number[]> = {
  ...{ rising: [60], double: [60, 80, 60], even: [300], falling: [120, 60, 120, 60, 120] },
}
const LOUDNESS = 0.4

/** Made when somebody touches the page: a browser lets no page sound before. */
export function createTones(context: AudioContext, vibrate: (pattern: number[]) => void) {
  return {
    play(tone: Appearance['tone']): void {
      void context.resume().catch(() => undefined)
      // Read once: on a busy phone it goes on between two notes.
      const startS = context.currentTime
      for (const { hz, fromS, forS } of TONES[tone]) {
        const [voice, volume] = [context.createOscillator(), context.createGain()]
        const from = startS + fromS
        voice.frequency.value = hz
        voice.type = 'triangle'
        volume.gain.setValueAtTime(LOUDNESS, from)
        volume.gain.exponentialRampToValueAtTime(0.001, from + forS)
        voice.connect(volume).connect(context.destination)
        voice.start(from)
        voice.stop(from + forS)
      }
      vibrate(SHAKES[tone])
    },
    close: () => void context.close().catch(() => undefined),
  }
}
export type Tones = ReturnType<typeof createTones>
