/** A limit of an acceptance check: the value, what it is in French, and where it comes from. */
export type Limit = { value: number; words: string; source: string }

/**
 * Every limit of the acceptance checks, each with its source. What goes beyond fails its check, with a piece of advice; it
 * never stops the technician, who may hand over with reserves.
 */
export const LIMITS = {
  facePxPerM: {
    value: 125,
    words: 'moins de 125 px/m à hauteur de visage hors des masques',
    source: 'EN 62676-4:2015, 6.7: from 125 px/m on, a person who was seen before is recognised',
  },
  platePxPerM: {
    value: 100,
    words: 'moins de 100 px/m à hauteur de plaque hors des masques',
    source:
      'The characters of a French plate are 80 mm high (arrêté du 9 février 2009): 8 px at 100 px/m, under the 10 px that reading needs',
  },
  roadPxPerM: {
    value: 12.5,
    words: 'au moins 12,5 px/m sur la zone de route',
    source: 'EN 62676-4:2015, 6.7: 12.5 px/m is enough to monitor the movement of vehicles, 25 to detect a person',
  },
  cameraClockS: {
    value: 30,
    words: '30 s au plus',
    source: 'ONVIF refuses digests whose time is off by more than its window, 30 s with the strictest cameras tried',
  },
  pictureWidthPx: {
    value: 1280,
    words: 'au moins 1 280 px de large',
    source: 'The width of the public page on a desk; narrower, the far end of a bend cannot be told from snow',
  },
  uplinkKbitPerS: {
    value: 256,
    words: 'au moins 256 kbit/s vers le centre',
    source: 'A masked 1280 px picture of 250 kB leaves in 8 s: one a minute for each of four cameras',
  },
  uplinkDelayMs: {
    value: 1_500,
    words: 'aller et retour en 1,5 s au plus',
    source: 'An EDGE link answers in 0.8 to 1.2 s; beyond, TLS alone takes longer than a picture may',
  },
  simBytesPerMonth: {
    value: 20e9,
    words: '20 Go par mois au plus',
    source: 'The SIM contracts of the fleet; the budget document of a site may ask for less',
  },
  catchUpS: {
    value: 120,
    words: 'tout est arrivé 2 min après le retour du réseau',
    source: 'A minute of pictures and records waits after the drill; the outbox sends it within two windows',
  },
  returnS: {
    value: 300,
    words: 'de retour en 5 min au plus',
    source: 'A small box boots in a minute; the longest pause between two attempts to connect is two',
  },
  diskFreeBytes: {
    value: 1e9,
    words: 'au moins 1 Go libre',
    source: 'A frame store of 512 MB, twice: what an outage of a day needs, and room to set a damaged file aside',
  },
  diskWriteMs: {
    value: 500,
    words: 'écriture et synchronisation en 500 ms au plus',
    source: 'An item at hand must not wait: a good card syncs in 5 to 50 ms, a dying one in seconds',
  },
  temperatureC: {
    value: 75,
    words: '75 °C au plus',
    source: 'Processors of small boxes slow down from 80 °C on; on acceptance day the sun may not be out',
  },
  memoryFreeBytes: {
    value: 100e6,
    words: 'au moins 100 Mo libres',
    source: 'One decoded 4K picture is 25 MB, a probe and its copies four of them',
  },
  unitClockMs: {
    value: 2_000,
    words: "2 s d'écart au plus",
    source: 'Capture times are shown to the minute; two seconds is what a slow link makes of an exact clock',
  },
  certificateDays: {
    value: 60,
    words: 'encore valable 60 jours au moins',
    source:
      'Unit certificates live 180 days and are renewed at two thirds: with less than 60 left a renewal has failed',
  },
  captureToPageS: {
    value: 30,
    words: 'sur la page publique en 30 s au plus',
    source: 'A driver decides within half a minute; transfer, storing and the thumbnail take 2 to 10 s on 4G',
  },
  photos: {
    value: 3,
    words: 'trois photos au moins',
    source: 'The mast as a whole, the box open, and the power supply: what the next technician asks for first',
  },
  positionM: {
    value: 200,
    words: '200 m au plus entre le téléphone et le site',
    source: 'A phone in a valley is 50 m off; the next site of the fleet is 2 km away at the least',
  },
} as const satisfies Record<string, Limit>
