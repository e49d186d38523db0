/** What the command's exit code says. The help shows this table. */
export const EXIT_CODES = {
  good: { code: 0, meaning: 'tout va bien' },
  faulty: { code: 1, meaning: "pas d'image, ou rien n'a pu être demandé" },
  mend: { code: 2, meaning: "l'image est venue, mais quelque chose est à corriger" },
  none: { code: 3, meaning: 'aucune caméra trouvée' },
  usage: { code: 64, meaning: 'la commande est mal écrite' },
  interrupted: { code: 130, meaning: 'interrompu' },
} as const
