import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

/** The reader's program comes from here, not from the library's own address on the network. */
prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) },
})

type Formats = NonNullable<ReaderOptions['formats']>

/** The texts of all codes in a picture. */
export async function readCodes(picture: ImageData, formats: Formats = ['QRCode', 'DataMatrix']): Promise<string[]> {
  const found = await readBarcodes(picture, { formats, maxNumberOfSymbols: 4, tryHarder: true })
  return found.filter(({ isValid }) => isValid).map(({ text }) => text)
}
