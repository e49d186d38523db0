import type { Book } from '../journey/book.ts'

/** Waits so long, or until there is a reason to try at once: something was entered, a network is there, the page is seen again. */
export const pauseOrReason =
  (page: Pick<Window, 'addEventListener' | 'removeEventListener'>, book: Pick<Book, 'changed'>) =>
  (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const over = new AbortController()
      const done = () => {
        clearTimeout(timer)
        over.abort()
        page.removeEventListener('online', done)
        page.removeEventListener('focus', done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      page.addEventListener('online', done)
      page.addEventListener('focus', done)
      signal.addEventListener('abort', done)
      void book.changed(over.signal).then(done)
      if (signal.aborted) done()
    })
