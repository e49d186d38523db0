/** An address that a device named, made safe to use. */
export type PinnedAddress = { url: URL; foreignHost: string | null }

/**
 * Keeps every address that a device names on the host that was configured. Cameras behind a translated address name the
 * one they see themselves, and a hostile one could name anything.
 * - Same host: taken as it is, its port included (many serve pictures on another port), but never http where https was
 *   configured: then the configured scheme and port.
 * - Another host: path and query only; scheme, host and port are the configured ones, since the port of an address that
 *   cannot be reached means nothing.
 * - A name and a password in it are dropped.
 * @param named absolute, or relative to the configured address
 * @returns null when it is no address, or not one of http
 */
export function pinAddress(configured: URL, named: string): PinnedAddress | null {
  if (!URL.canParse(named, configured.href)) return null
  const url = new URL(named, configured)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const isForeign = url.hostname !== configured.hostname
  const isWeaker = configured.protocol === 'https:' && url.protocol !== 'https:'
  const pinned = new URL(isForeign || isWeaker ? configured.origin : url.origin)
  pinned.pathname = url.pathname
  pinned.search = url.search
  return { url: pinned, foreignHost: isForeign ? url.hostname : null }
}

/**
 * The same for a stream: the port is kept on the same host, 554 (RTSP's) elsewhere. Nothing here connects to it.
 * @returns null when it is no rtsp or rtsps address
 */
export function pinStreamAddress(configured: URL, named: string): string | null {
  const parts = /^(rtsps?):\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:?]+)(?::(\d{1,5}))?(.*)$/i.exec(named)
  if (parts === null) return null
  const [, scheme = '', host = '', port, rest = ''] = parts
  const keepsPort = host.toLowerCase() === configured.hostname && port !== undefined
  return `${scheme.toLowerCase()}://${configured.hostname}${keepsPort ? `:${port}` : ''}${rest}`
}
