/**
 * An input and output board as a lane sees it. tests/conformance/lane-board.test.ts holds the adapter to these promises on
 * a Modbus slave that nobody here wrote, over a serial line and over a network:
 *
 * - Every call ends, within a second, with its value or with a LaneFault: `board-silent` or `board-refused`.
 * - Calls are served one after the other, in the order in which they were made: a bus takes one question at a time.
 * - A pulse that has been taken ends by itself: by the board's own clock where it has one, whatever becomes of the agent;
 *   else when its time is over or the board is closed, and after an agent that was killed when it is opened again.
 */
export type Board = {
  /** The inputs from 0 on, as they are in one moment; true: closed. */
  readInputs(): Promise<readonly boolean[]>
  /** Of a board that counts: how often each input came back to rest. */
  readCounts?(): Promise<readonly number[]>
  /** Closes an output for about so long; resolves when the board has taken the order. */
  pulse(coil: number, ms: number): Promise<void>
  set(coil: number, isOn: boolean): Promise<void>
  close(): Promise<void>
}
