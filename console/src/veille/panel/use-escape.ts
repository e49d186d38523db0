import { useEffect } from 'preact/hooks'

/** Closes by the key that closes. @param onEscape the same function from render to render */
export function useEscape(onEscape: () => void): void {
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onEscape()
    }
    addEventListener('keydown', close)
    return () => removeEventListener('keydown', close)
  }, [onEscape])
}
