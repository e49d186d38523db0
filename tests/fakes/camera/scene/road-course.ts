import { smoothstep } from './noise.ts'
import type { Place } from './place.ts'

/** Where the road runs: its middle and its height at each distance from the camera, in metres. */
export type RoadCourse = {
  middleAt(z: number): number
  heightAt(z: number): number
}

export function createRoadCourse({ road }: Place): RoadCourse {
  const { offsetM, heading, swingM, bendM, bendFrom, grade, crestM } = road
  return {
    middleAt(z) {
      const beyond = Math.max(0, z - bendFrom)
      return offsetM + heading * z + swingM * (1 - Math.cos(beyond / bendM)) * Math.sign(heading || 1)
    },
    heightAt(z) {
      const climbed = grade * z
      // Beyond the crest the road falls away; the slope grows over some sixty metres.
      const past = Math.max(0, z - crestM)
      return climbed + 0.35 * Math.sin(z / 31) * smoothstep(20, 90, z) - past * 0.14 * smoothstep(0, 60, past)
    },
  }
}
