import { authorityFiles } from '../authority/authority-folder.ts'

/** What is said after a generation was made: which file is what, and where it should be kept. */
export function keepingAdvice(folder: string, number: number): string[] {
  const files = authorityFiles(folder)
  return [
    `Autorité créée dans ${folder}.`,
    '',
    'À mettre hors ligne, maintenant :',
    `  ${files.rootKey(number)}`,
    '    La clé de la racine. La copier sur deux clés USB gardées en deux lieux fermés, avec sa phrase de passe à part,',
    "    puis l'effacer de cette machine. Elle ne sert plus qu'à préparer une nouvelle génération (« vigie ca rotate »).",
    '',
    "À laisser sur la machine de l'autorité, et nulle part ailleurs :",
    `  ${files.issuingKey(number)}`,
    "    La clé émettrice, chiffrée. « vigie authority serve » l'ouvre avec la phrase de passe de PASSPHRASE_FILE.",
    '    Sauvegarder le dossier et la base ensemble : sans la base, aucune révocation ne serait plus connue.',
    '',
    'À distribuer, sans secret :',
    `  ${files.roots}  sur chaque boîtier, quand on le prépare`,
    `  ${files.trust}  au broker et au cloud, qui vérifient les boîtiers`,
  ]
}

/** What follows once the next generation stands beside the one before. */
export function rotationAdvice(folder: string, number: number): string[] {
  const files = authorityFiles(folder)
  return [
    '',
    'Ensuite, dans cet ordre :',
    `  1. donner ${files.trust} au broker et au cloud, puis redémarrer « vigie authority serve » ;`,
    '  2. réémettre les certificats du broker, du cloud, de la configuration et des billets (« vigie ca issue ») ;',
    `  3. mettre ${files.roots} sur les boîtiers que l'on prépare ; les autres le reçoivent en renouvelant ;`,
    `  4. après 180 jours, quand le journal de l'autorité ne compte plus aucun boîtier de la génération ${number - 1} :`,
    `     « vigie ca retire ${number - 1} ».`,
  ]
}
