import './pose.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import { createAddress } from './address.ts'
import { App } from './app.tsx'
import { createPoseCloud } from './cloud/pose-cloud.ts'
import { createBook } from './journey/book.ts'
import { openKept } from './journey/kept.ts'
import { type Link, sendOutgoing } from './journey/send-outgoing.ts'
import type { Pole } from './pole.ts'
import { readLabel } from './scan/label.ts'
import { keepShell } from './shell/keep-shell.ts'
import { pauseOrReason } from './shell/pause-or-reason.ts'
import type { Secrets } from './steps/chosen-cameras.ts'

const place = document.getElementById('pose')
if (place !== null) await start(place)

async function start(root: HTMLElement): Promise<void> {
  const cloud = createPoseCloud(location.origin)
  const kept = await openKept(indexedDB)
  const book = createBook(kept, await kept.journeys())
  const link = signal<Link>(navigator.onLine ? 'up' : 'down')
  const secrets: Secrets = new Map()
  const pole: Pole = { cloud, book, kept, link, secrets, now: Date.now, newId: () => crypto.randomUUID() }

  // Opened by the phone's own reader of codes: the label stands behind the #, which no server hears, and leaves the address.
  const label = readLabel(location.href)
  const address = createAddress(window)
  if (label !== null) history.replaceState(null, '', location.pathname)

  root.replaceChildren()
  render(<App pole={pole} address={address} label={label} />, root)
  keepShell(navigator)

  const untilClosed = new AbortController()
  const pause = pauseOrReason(window, book)
  void sendOutgoing(
    {
      book,
      kept,
      cloud,
      secrets,
      pause,
      random: Math.random,
      now: Date.now,
      onLink: (now) => {
        link.value = now
      },
    },
    untilClosed.signal,
  )
}
