const BROWSERS: [RegExp, string][] = [
  [/edg\//i, 'Edge'],
  [/firefox\//i, 'Firefox'],
  [/chrome\/|chromium\//i, 'Chrome'],
  [/safari\//i, 'Safari'],
  [/vigie/i, 'Commande vigie'],
]
const SYSTEMS: [RegExp, string][] = [
  [/android/i, 'Android'],
  [/iphone|ipad/i, 'iPhone ou iPad'],
  [/windows/i, 'Windows'],
  [/mac os/i, 'Mac'],
  [/linux/i, 'Linux'],
]
const WAYS: Record<string, string> = {
  password: 'mot de passe',
  totp: 'code du téléphone',
  'recovery-code': 'code de secours',
  passkey: 'clé d’accès',
  oidc: 'compte de la collectivité',
}

const found = (table: [RegExp, string][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1]

/** What a browser says of itself, in a word or two; it may say anything. */
export function deviceInWords(device: string): string {
  const words = [found(BROWSERS, device), found(SYSTEMS, device)].filter((word) => word !== undefined)
  return words.length === 0 ? 'Appareil inconnu' : words.join(', ')
}

/** How somebody came in. */
export const methodInWords = (method: string): string =>
  method
    .split(' ')
    .flatMap((way) => WAYS[way] ?? [])
    .join(' et ')
