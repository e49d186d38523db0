export type Source = { src: string; srcset?: string; sizes?: string }

/** Resolves when the browser has the picture ready to be drawn, so that it can change in one moment with its time. */
export async function loadPicture({ src, srcset, sizes }: Source): Promise<void> {
  const picture = new Image()
  if (sizes !== undefined) picture.sizes = sizes
  if (srcset !== undefined) picture.srcset = srcset
  picture.src = src
  await picture.decode()
}
