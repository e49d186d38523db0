import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { countInWords } from '../../look/wording.ts'
import { fitWall, type Room } from './fit.ts'
import type { Standing, Zone } from './need.ts'
import { Tile } from './tile.tsx'

type Props = { standings: readonly Standing[]; now: number; open: string | null; onOpen: (site: string) => void }

const ZONES: Record<Zone, string> = { now: 'À traiter', soon: 'À surveiller', calm: 'Rien à faire' }

/** The three zones. On a wide screen all tiles are in view at once; on a phone one scrolls, and need comes first. */
export function Wall({ standings, now, open, onOpen }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const room = useRoom(place)
  const inZone = (zone: Zone) => standings.filter((standing) => standing.zone === zone)
  const zones = { now: inZone('now'), soon: inZone('soon'), calm: inZone('calm') }
  const [nowCount, soonCount, calmCount] = [zones.now.length, zones.soon.length, zones.calm.length]
  const fit = useMemo(
    () => fitWall(room, { now: nowCount, soon: soonCount, calm: calmCount }),
    [room, nowCount, soonCount, calmCount],
  )
  const zone = (name: Zone) => (
    <ZoneOfTiles
      zone={name}
      columns={fit.columns[name]}
      tilePx={fit.tilePx[name]}
      standings={zones[name]}
      {...{ now, open, onOpen }}
    />
  )
  return (
    <div class="wall" ref={place} data-whole={fit.isWhole}>
      {zones.now.length + zones.soon.length > 0 && (
        <div class="wall-need" style={{ '--part': `${fit.leftPx}px` }}>
          {zone('now')}
          {zone('soon')}
        </div>
      )}
      {zones.calm.length > 0 && <div class="wall-calm">{zone('calm')}</div>}
    </div>
  )
}

type ZoneProps = Props & { zone: Zone; columns: number; tilePx: number }

function ZoneOfTiles({ zone, columns, tilePx, standings, now, open, onOpen }: ZoneProps) {
  if (standings.length === 0) return null
  return (
    <section class="zone" data-zone={zone} aria-labelledby={`zone-${zone}`}>
      <h2 id={`zone-${zone}`}>
        {ZONES[zone]} <span class="zone-count">{countInWords(standings.length, 'site', 'sites')}</span>
      </h2>
      <ul class="tiles" style={{ '--columns': String(columns), '--tile': `${tilePx}px` }}>
        {standings.map((standing) => (
          <Tile
            key={standing.site.site}
            standing={standing}
            now={now}
            isOpen={open === standing.site.site}
            onOpen={onOpen}
          />
        ))}
      </ul>
    </section>
  )
}

/** The size of an element, followed as it changes. */
function useRoom(place: { current: HTMLElement | null }): Room {
  const [room, setRoom] = useState<Room>({ width: 1440, height: 800 })
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const observer = new ResizeObserver(() => setRoom({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return room
}
