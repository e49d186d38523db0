import { useEffect, useRef } from 'preact/hooks'
import type { Alarm } from '../../alarms/alarm.ts'
import { AlarmList } from '../../alarms/alarms-shown.tsx'
import type { OnSeen } from '../../alarms/use-alarms.ts'
import type { FleetUnit } from '../../api/schemas.ts'
import { Glyph } from '../../look/glyph.tsx'
import { countInWords } from '../../look/wording.ts'
import { useEscape } from './use-escape.ts'

type Props = { alarms: readonly Alarm[]; units: readonly FleetUnit[]; now: number; onSeen: OnSeen; onClose: () => void }

/** What no picture shows and somebody must look at, with what to do. */
export function AlarmPanel({ alarms, units, now, onSeen, onClose }: Props) {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  useEscape(onClose)
  return (
    <aside class="panel" aria-labelledby="alarmes">
      <header class="panel-header">
        <h2 id="alarmes" ref={title} tabIndex={-1}>
          {countInWords(alarms.length, 'alarme', 'alarmes', 'Aucune alarme')}
        </h2>
        <p class="panel-place">
          Réglages refusés par les boîtiers, identités refusées et boîtiers des musées, depuis 7 jours
        </p>
        <button type="button" class="panel-close" onClick={onClose}>
          <Glyph name="close" /> <span class="visually-hidden">Fermer</span>
        </button>
      </header>
      <div class="panel-body">
        {alarms.length === 0 ? (
          <p class="panel-note">Les dernières se sont fermées d’elles-mêmes, ou quelqu’un les a vues.</p>
        ) : (
          <AlarmList
            {...{ alarms, units, now }}
            onSeen={onSeen && ((row) => onSeen(row).then(() => title.current?.focus()))}
          />
        )}
      </div>
    </aside>
  )
}
