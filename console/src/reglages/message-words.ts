import { NARROW } from '../look/wording.ts'

/** What the cloud says of a mistake in a document, and what is read of it here. The first that fits is taken. */
const MESSAGES: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^is missing$/, () => 'manque'],
  [/^unknown key$/, () => 'n’a rien à faire ici'],
  [/^must be >= (\S+)$/, ([, least]) => `au moins ${least}`],
  [/^must be <= (\S+)$/, ([, most]) => `au plus ${most}`],
  [/^must not have fewer than (\d+) characters?$/, ([, least]) => `au moins ${least} caractère`],
  [/^must not have more than (\d+) characters?$/, ([, most]) => `au plus ${most} caractères`],
  [/^must not have fewer than (\d+) items?$/, ([, least]) => `au moins ${least} éléments`],
  [/^must not have more than (\d+) items?$/, ([, most]) => `au plus ${most} éléments`],
  [/^must match pattern/, () => 'n’a pas la forme attendue'],
  [/^must be (?:number|integer)$/, () => 'doit être un nombre'],
  [/^must be string$/, () => 'doit être un texte'],
  [/^must be (?:object|array)$/, () => 'n’a pas la forme attendue'],
  [/^must be equal to|^must be one of/, () => 'n’est pas une valeur permise'],
  [/^"(.+)" stands twice$/, ([, name]) => `«${NARROW}${name}${NARROW}» y est deux fois`],
  [/^"(.+)" is missing$/, ([, name]) => `«${NARROW}${name}${NARROW}» manque`],
  [/^is no camera of this site$/, () => 'aucune caméra de ce site ne porte ce nom'],
  [/^is no preset of this camera$/, () => 'aucune vue de cette caméra ne porte ce nom'],
  [/^must be empty at a museum$/, () => 'aucune dans un musée'],
  [/^must be empty at a road$/, () => 'aucun au bord d’une route'],
  [/^must all name their unit, or none$/, () => 'tous nomment leur boîtier, ou aucun'],
  [/^has no way out to serve$/, () => `ce passage n’a pas de sortie${NARROW}: choisir les deux sens`],
  [/^has one input for two things$/, () => 'une entrée de la carte sert deux fois'],
  [/^has one output for two things$/, () => 'une sortie de la carte sert deux fois'],
  [/^is for a wide wicket$/, () => 'réservé à un portillon large'],
  [/^is used twice by one box$/, () => 'ce port sert déjà sur le même boîtier'],
  [/^must be "(.+)"$/, ([, value]) => `doit rester «${NARROW}${value}${NARROW}»`],
  [/^must be greater than (\d+)/, ([, version]) => `doit dépasser ${version}, puisque les masques ont changé`],
  [/^none is there/, () => `aucun n’est enregistré${NARROW}: le saisir`],
  [/^must be entered again/, () => 'à saisir de nouveau, puisque l’adresse a changé'],
  [/^cannot be kept/, () => `ne peut pas être gardé${NARROW}: le centre n’a pas de coffre`],
]

/** In French; null: it has no words, and is shown as it came. */
export function messageInWords(message: string): string | null {
  for (const [pattern, say] of MESSAGES) {
    const found = pattern.exec(message)
    if (found) return say(found)
  }
  return null
}
