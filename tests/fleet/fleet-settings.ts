import Type from 'typebox'

const port = (description: string, byDefault: number) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: byDefault, description })

/** What `npm start` can be told by its environment: VIGIE_PORT, VIGIE_SITES, ... */
export const FleetSettings = Type.Object({
  vigiePort: port('Port of the public page, the operators and the API', 8080),
  vigieBrokerPort: port('Port of the MQTT broker', 8883),
  vigieAuthorityPort: port('Port of the certificate authority', 8444),
  vigieCameraPort: port('Port of the first simulated camera; the others follow it', 9001),
  vigieMuseumPort: port('First port of the museums: each has a broker and a page of its own', 8500),
  vigieData: Type.String({ default: 'data', description: 'The one folder that holds everything' }),
  vigieSites: Type.Integer({ minimum: 1, maximum: 41, default: 41, description: 'How many sites' }),
  vigieMuseums: Type.Integer({ minimum: 0, maximum: 2, default: 2, description: 'How many museums' }),
  vigiePace: Type.Number({ minimum: 1, maximum: 60, default: 1, description: 'How many times faster than planned' }),
  vigiePictures: Type.Optional(
    Type.String({ description: 'A folder of JPEGs that the cameras show instead of a scene' }),
  ),
  databaseUrl: Type.Optional(Type.String({ description: 'PostgreSQL instead of SQLite; given to the cloud' })),
  influxUrl: Type.Optional(Type.String({ description: 'InfluxDB instead of SQLite; given to the cloud' })),
})
export type FleetSettings = Type.Static<typeof FleetSettings>
