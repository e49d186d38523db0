import { create } from 'qrcode'

/** Light around a code, in modules: readers need four (ISO/IEC 18004). */
const QUIET = 4

/** A code, black on white whatever the page looks like, as large as its place. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: text.startsWith('VG1:') ? 'Q' : 'L' })
  const { size } = modules
  const dark = Array.from({ length: size * size }, (_, at) => at).filter((at) => modules.data[at] === 1)
  const path = dark.map((at) => `M${(at % size) + QUIET} ${Math.floor(at / size) + QUIET}h1v1h-1z`).join('')
  const side = size + 2 * QUIET
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      <path class="qr-light" d={`M0 0h${side}v${side}h-${side}z`} />
      <path class="qr-dark" d={path} />
    </svg>
  )
}
