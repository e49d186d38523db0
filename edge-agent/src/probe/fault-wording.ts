import type { CameraFaultCode } from '../camera/camera-fault.ts'

/** The camera's faults in French, for whoever stands at the foot of the pole: what is wrong, and what to do. */
export const FAULT_WORDING: Record<CameraFaultCode, { what: string; remedy: string }> = {
  'camera-address-wrong': {
    what: "L'adresse n'est pas une adresse http ou https, ou elle contient un mot de passe.",
    remedy: "Écrire l'adresse comme http://192.168.1.64, sans compte ni mot de passe.",
  },
  'camera-unreachable': {
    what: 'Aucune connexion avec la caméra.',
    remedy: "Vérifier l'alimentation, le câble réseau et l'adresse, puis faire un ping de la caméra.",
  },
  'camera-timeout': {
    what: "La caméra a pris l'appel et n'a pas répondu à temps.",
    remedy: 'Couper puis remettre son alimentation. Si cela revient, mettre à jour son logiciel ou la remplacer.',
  },
  'camera-refused-login': {
    what: "La caméra n'accepte pas ce compte et ce mot de passe.",
    remedy: "Vérifier le compte ONVIF sur la caméra : souvent, ce n'est pas le compte de ses pages web.",
  },
  'camera-not-onvif': {
    what: 'Ce qui répond à cette adresse ne parle pas ONVIF.',
    remedy: "Activer ONVIF dans les pages de la caméra. Vérifier le port et le chemin de l'adresse.",
  },
  'camera-refused': {
    what: "La caméra répond qu'elle ne peut pas ou ne veut pas le faire.",
    remedy: 'Réessayer avec --client node-onvif, puis mettre à jour le logiciel de la caméra.',
  },
  'camera-no-profile': {
    what: "La caméra n'annonce aucun profil média.",
    remedy: 'Créer un profil média dans ses pages, et le rendre visible au compte ONVIF.',
  },
  'camera-no-snapshot': {
    what: "Aucun profil de la caméra ne donne d'adresse d'image.",
    remedy:
      'Activer les images fixes (JPEG) dans ses pages. À défaut, prendre les images de son flux vidéo (« rtsp » dans son profil).',
  },
  'camera-needs-ffmpeg': {
    what: 'Les images de cette caméra sont prises de son flux vidéo, et ffmpeg manque pour le lire.',
    remedy: 'Installer ffmpeg (apt-get install ffmpeg).',
  },
  'camera-preset-unknown': {
    what: "La caméra n'a pas de préréglage de ce nom.",
    remedy: 'Créer le préréglage sur la caméra, ou corriger son nom dans le document du site.',
  },
  'camera-still-moving': {
    what: "La caméra ne s'est pas arrêtée à temps sur le préréglage : aucune image n'a été prise.",
    remedy: "Regarder si quelque chose gêne la tourelle. Vérifier qu'aucune ronde n'est programmée.",
  },
  'camera-answer-too-large': {
    what: 'La caméra envoie plus que ce qui est accepté.',
    remedy: 'Baisser la définition ou la qualité de ses images fixes.',
  },
  'camera-answer-broken': {
    what: 'La réponse est coupée ou illisible.',
    remedy: 'Vérifier câble et connecteurs. Réessayer avec --client node-onvif. Mettre à jour son logiciel.',
  },
  'camera-redirected-elsewhere': {
    what: "La caméra renvoie vers une autre adresse, qui n'est pas suivie.",
    remedy: 'Donner la vraie adresse de la caméra. Si elle demande https, écrire https.',
  },
  'camera-certificate-untrusted': {
    what: "Le certificat https de la caméra n'est pas celui qui est attendu.",
    remedy: "Comparer l'empreinte sur place. Si c'est bien la caméra, la donner avec --fingerprint.",
  },
  'picture-not-jpeg': {
    what: "Ce qui est venu à la place de l'image n'est pas un JPEG.",
    remedy: "Ouvrir l'adresse de l'image dans un navigateur. Choisir JPEG pour les images fixes de la caméra.",
  },
  'discovery-failed': {
    what: "La question n'a pu partir sur aucune interface réseau.",
    remedy: "Vérifier que l'interface est active et a une adresse IPv4 (ip address), ou la choisir avec --interface.",
  },
  'camera-clock-wrong': {
    what: "L'horloge de la caméra et celle de cet appareil diffèrent de plus d'une minute : l'heure écrite dans l'image serait fausse.",
    remedy: "Donner un serveur de temps (NTP) à la caméra. Vérifier aussi l'heure de cet appareil (date).",
  },
}
