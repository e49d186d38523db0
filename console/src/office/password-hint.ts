/** What a good password is, said before somebody has to guess. */
export const PASSWORD_HINT =
  'Douze caractères ou plus, sans règle de majuscules ni de chiffres. Quelques mots sans rapport entre eux se retiennent bien. Il n’expire pas.'
