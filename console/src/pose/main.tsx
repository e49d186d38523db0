import './pose.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { keepShell } from './shell/keep-shell.ts'

const place = document.getElementById('pose')
if (place !== null) {
  place.replaceChildren()
  render(<App />, place)
  keepShell(navigator)
}
