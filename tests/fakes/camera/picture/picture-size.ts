/** What the simulated camera gives: full HD, as most cameras at a road do. */
export const PICTURE_WIDTH_PX = 1920
export const PICTURE_HEIGHT_PX = 1080
