/**
 * Sizes of everything that crosses the wire, in bytes unless the name says otherwise. Each has its reason and says what
 * happens beyond it; whoever decodes refuses first by size, then by shape.
 */

/** The longest topic the grammar can build is 118 bytes; longer ones are refused before they are parsed. */
export const TOPIC_MAX_BYTES = 160

/** A header is about 600 bytes; 4 KiB leaves room for additions within a version. Beyond: dead letter `header-too-long`. */
export const FRAME_HEADER_MAX_BYTES = 4 * 1024

/**
 * A masked 720p JPEG at quality 80 weighs 80 to 250 kB, a noisy 1080p one up to 900 kB. 2 MiB is what a SIM can still
 * carry in 16 s at 1 Mbit/s. Beyond: the unit does not send it (`picture-too-large`), the cloud makes it a dead letter.
 */
export const PICTURE_MAX_BYTES = 2 * 1024 * 1024

/** The widest and highest picture that the cloud decodes. A JPEG of few bytes can claim 65,535 × 65,535 pixels (12 GB). */
export const PICTURE_MAX_SIDE_PX = 4096

/** A preview's header is about 400 bytes. Beyond: not taken. */
export const PREVIEW_HEADER_MAX_BYTES = 2 * 1024

/** The widest preview: enough to aim a camera and to draw a mask by, and its detail is far coarser still. */
export const PREVIEW_WIDTH_MAX_PX = 320

/** A preview of 320 px weighs 4 to 12 kB; two a second in 24 kB each are what one bar of signal carries. Beyond: not sent. */
export const PREVIEW_PICTURE_MAX_BYTES = 24 * 1024

/** A piece of a bounded transfer by which a unit measures its line. */
export const TRIAL_MAX_BYTES = 16 * 1024

/** JSON messages: the largest, a birth with its certificate chain, is about 6 KiB. Beyond: dead letter `message-too-long`. */
export const JSON_MESSAGE_MAX_BYTES = 64 * 1024

/** The largest MQTT payload of the grammar: a frame message. Brokers are configured with this (plus topic and header). */
export const PAYLOAD_MAX_BYTES = 8 + FRAME_HEADER_MAX_BYTES + 64 + PICTURE_MAX_BYTES

/** Ten minutes are ten samples; two hours leave room for a rarer word. Beyond: dead letter `shape-wrong`. */
export const TELEMETRY_MAX_SAMPLES = 120

/** Receipts for one unit are put together up to this many ids (about 10 KiB). Beyond: a further receipt. */
export const RECEIPT_MAX_ITEMS = 200

/** Of a message that did not decode, the dead letter keeps this much for the person who looks for the cause. */
export const DEAD_LETTER_EXCERPT_MAX_BYTES = 1024

/** A signed set with a chain of three certificates is about 4 KiB. Beyond: the unit does not read it. */
export const DESIRED_SET_MAX_BYTES = 16 * 1024

/** A document of a desired configuration; the masks of 16 views with 8 zones each are about 20 KiB. Beyond: never published. */
export const DESIRED_DOCUMENT_MAX_BYTES = 48 * 1024

/** Rows in one message of a ledger: about 35 kB. Further ones go in the next. */
export const LEDGER_MESSAGE_MAX_ROWS = 50

/** 50 rows of which each field is as long as it may be, and each character of a reason is written as six: 115 kB. */
export const LEDGER_MESSAGE_MAX_BYTES = 128 * 1024

/**
 * Entries in one page of the feed: 51 kB, if each is as long as it may be but for its use elsewhere. The next page brings the
 * rest, and what would make this one too long.
 */
export const FEED_PAGE_MAX_ENTRIES = 150

/** Entries in one page of issued tickets: 75 kB, if each is as long as it may be. The next page brings the rest. */
export const ISSUED_PAGE_MAX_ENTRIES = 400

/**
 * What the cloud signs for gates. A catalogue with 64 types and their rules is about 60 kB; in base64 and with three
 * certificates a document is a third longer. A broker keeps at most 128 KiB for a unit that does not read, and forwards
 * nothing longer. Beyond: never published.
 */
export const GATE_DOCUMENT_MAX_BYTES = 80 * 1024
export const GATE_JWS_MAX_BYTES = 120 * 1024
