/** Reads the codes in what a camera shows now. */
export type CodeReader = (screen: HTMLVideoElement) => Promise<string[]>

/** Tickets of ours are QR; other sellers print these too. No EAN: every book and bottle in a bag has one. */
const FORMATS = {
  browser: ['qr_code', 'data_matrix', 'aztec', 'pdf417', 'code_128'],
  wasm: ['QRCode', 'DataMatrix', 'Aztec', 'PDF417', 'Code128'],
} as const
/** Codes are read well at this width, and in a fifth of the time of a whole picture. */
const LOOK_WIDTH_PX = 720

/** Not in the types yet: https://wicg.github.io/shape-detection-api/ */
type Detector = { detect(from: HTMLVideoElement): Promise<{ rawValue: string }[]> }
type DetectorClass = {
  new (options: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/**
 * The browser's own reader where it has one that knows QR, else zxing, which comes with the page. A browser may announce a
 * reader and have none behind it: it fails at the first look, and zxing takes over.
 */
export async function createCodeReader(): Promise<CodeReader> {
  const ofBrowser = await readerOfBrowser()
  let read = ofBrowser ?? (await readerOfPage())
  return async (screen) => {
    try {
      return await read(screen)
    } catch (problem) {
      if (read !== ofBrowser) throw problem
      read = await readerOfPage()
      return read(screen)
    }
  }
}

async function readerOfBrowser(): Promise<CodeReader | null> {
  const { BarcodeDetector: ofBrowser } = globalThis as { BarcodeDetector?: DetectorClass } // as described there
  if (ofBrowser === undefined) return null
  const known = await ofBrowser.getSupportedFormats().catch((): string[] => [])
  if (!known.includes('qr_code')) return null
  const detector = new ofBrowser({ formats: FORMATS.browser.filter((format) => known.includes(format)) })
  return async (screen) => (await detector.detect(screen)).map(({ rawValue }) => rawValue)
}

async function readerOfPage(): Promise<CodeReader> {
  const { readCodes } = await import('./read-code.ts')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return async (screen) => {
    if (context === null) return []
    const scale = Math.min(1, LOOK_WIDTH_PX / screen.videoWidth)
    canvas.width = Math.round(screen.videoWidth * scale)
    canvas.height = Math.round(screen.videoHeight * scale)
    context.drawImage(screen, 0, 0, canvas.width, canvas.height)
    return readCodes(context.getImageData(0, 0, canvas.width, canvas.height), [...FORMATS.wasm])
  }
}
