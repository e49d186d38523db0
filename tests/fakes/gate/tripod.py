"""A tripod behind an input and output board: python3-pymodbus is the board, the class Tripod the mechanics.

    /usr/bin/python3 tripod.py --port /dev/pts/7        the board on a serial line (Modbus RTU)
    /usr/bin/python3 tripod.py --tcp 0                  on a network (Modbus TCP), on a free port of loopback

It reads orders as JSON lines and tells what happens as JSON lines; README.md names them.
"""

import argparse
import asyncio
import json
import logging
import os
import struct
import sys
import time

from pymodbus.bit_write_message import WriteSingleCoilRequest, WriteSingleCoilResponse
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import async_io

CONTACTS = ["passA", "passB", "ready", "alarm", "fire"]
WAYS = ["A", "B"]
FLASH_BASE = 0x0200  # Waveshare: function 05 from here on closes a relay for so many tenths of a second
PULSE_MIN_S = 0.1  # shorter ones are taken for noise by the logic of a tripod


def tell(event, **more):
    print(json.dumps({"event": event, "toldMs": time.time() * 1000, **more}), flush=True)


class Tripod:
    """Relays of PASS, READY and ALARM are energised at rest: without power all of them are open."""

    def __init__(self, free_s, pass_s):
        self.free_s, self.pass_s = free_s, pass_s
        self.powered, self.burning, self.alarmed = True, False, False
        self.turning = False
        self.passing = {way: False for way in WAYS}
        self.free_until = {way: 0.0 for way in WAYS}
        self.cut = set()
        self.coils = [False] * 8
        self.closed_at = [0.0] * 8

    def inputs(self):
        at_rest = {
            "passA": self.powered and not self.passing["A"],
            "passB": self.powered and not self.passing["B"],
            "ready": self.powered and not self.turning,
            "alarm": self.powered and not self.alarmed,
            "fire": not self.burning,
        }
        return [at_rest[name] and name not in self.cut for name in CONTACTS] + [False] * 3

    def is_free(self, way):
        """Without power the arms have fallen; in a fire too, whatever the board or its master does."""
        return self.burning or not self.powered or self.now() < self.free_until[way]

    @staticmethod
    def now():
        return asyncio.get_running_loop().time()

    def close(self, coil):
        self.coils[coil] = True
        self.closed_at[coil] = self.now()
        tell("coil", coil=coil, on=True)

    def open(self, coil):
        if not self.coils[coil]:
            return
        self.coils[coil] = False
        tell("coil", coil=coil, on=False)
        lasted = self.now() - self.closed_at[coil]
        if coil < 2 and lasted >= PULSE_MIN_S * 0.9 and self.powered and not self.turning:
            self.free_until[WAYS[coil]] = self.now() + self.free_s
            tell("released", way=WAYS[coil], ms=round(lasted * 1000))

    async def flash(self, coil, seconds):
        self.close(coil)
        await asyncio.sleep(seconds)
        self.open(coil)

    async def push(self, way="A", takes=0.4):
        """Somebody goes through, if the arm lets them."""
        if self.turning or not self.is_free(way):
            return tell("blocked", way=way)
        self.turning = True
        await asyncio.sleep(takes)
        self.free_until[way] = 0.0
        await self.signal_pass(way)
        self.turning = False

    async def turn_back(self, way="A", takes=0.4):
        if not self.is_free(way):
            return tell("blocked", way=way)
        self.turning = True
        await asyncio.sleep(takes)
        self.turning = False
        tell("turned-back", way=way)

    async def signal_pass(self, way):
        if self.powered:
            self.passing[way] = True
            await asyncio.sleep(self.pass_s)
            self.passing[way] = False
        tell("passed", way=way)

    async def obey(self, order):
        what, more = order.pop("do"), order
        if what == "push":
            await self.push(**more)
        elif what == "turn-back":
            await self.turn_back(**more)
        elif what == "force":
            await self.signal_pass(**more)
        elif what == "power":
            self.powered = more["is"]
        elif what == "fire":
            self.burning = more["is"]
        elif what == "alarm":
            self.alarmed = more["is"]
        elif what == "cut":
            self.cut.add(more["contact"])
        elif what == "mend":
            self.cut.discard(more["contact"])
        elif what == "mute":
            Ear.is_muted = more["is"]
        elif what == "hush":
            Ear.is_hushed = True
        tell("done", do=what)


class Inputs(ModbusSequentialDataBlock):
    """Asked, it looks at the tripod as it is in that moment."""

    def __init__(self, tripod):
        super().__init__(0, [0] * 8)
        self.tripod = tripod

    def validate(self, address, count=1):
        return 0 <= address and address + count <= 8

    def getValues(self, address, count=1):
        return [int(is_closed) for is_closed in self.tripod.inputs()][address : address + count]


def coil_writer(tripod):
    class Echo(WriteSingleCoilResponse):
        def encode(self):
            return struct.pack(">HH", self.address, self.raw)

    class WriteCoil(WriteSingleCoilRequest):
        """pymodbus forgets any value but FF00; the board takes a length."""

        def decode(self, data):
            self.address, self.raw = struct.unpack(">HH", data)

        def execute(self, context):
            # The same clock as process.hrtime: CLOCK_MONOTONIC.
            tell("frame", pdu="05" + struct.pack(">HH", self.address, self.raw).hex(), ms=time.monotonic() * 1000)
            is_flash = FLASH_BASE <= self.address < FLASH_BASE + 8
            if not is_flash and self.address >= 8:
                return self.doException(2)
            if is_flash:
                asyncio.ensure_future(tripod.flash(self.address - FLASH_BASE, self.raw / 10))
            elif self.raw == 0xFF00:
                tripod.close(self.address)
            else:
                tripod.open(self.address)
            echo = Echo(self.address, False)
            echo.raw = self.raw
            return echo

    return WriteCoil


class Ear:
    """A board that is muted hears and does nothing, as one without power; hushed, it does one order and its answer is lost."""

    is_muted = False
    is_hushed = False

    def execute(self, request, *addr):
        if not Ear.is_muted:
            super().execute(request, *addr)

    def send(self, message, *addr, **more):
        if Ear.is_hushed and message.function_code == 5:
            Ear.is_hushed = False
            return
        super().send(message, *addr, **more)


class SerialEar(Ear, async_io.ModbusSingleRequestHandler):
    pass


class NetworkEar(Ear, async_io.ModbusConnectedRequestHandler):
    pass


async def follow_orders(tripod):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        asyncio.ensure_future(tripod.obey(json.loads(line)))
    os._exit(0)  # whoever started it is gone


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port")
    parser.add_argument("--tcp", type=int)
    parser.add_argument("--address", type=int, default=1)
    parser.add_argument("--free-s", type=float, default=5.0)
    parser.add_argument("--pass-s", type=float, default=0.2)
    options = parser.parse_args()

    tripod = Tripod(options.free_s, options.pass_s)
    slave = ModbusSlaveContext(di=Inputs(tripod), zero_mode=True)
    context = ModbusServerContext(slaves={options.address: slave}, single=False)
    quiet = {"ignore_missing_slaves": True}
    if options.port:
        server = async_io.ModbusSerialServer(context, port=options.port, handler=SerialEar, **quiet)
        await server.start()
        where = options.port
    else:
        server = async_io.ModbusTcpServer(context, address=("127.0.0.1", options.tcp), handler=NetworkEar, **quiet)
    server.decoder.register(coil_writer(tripod))
    serving = asyncio.ensure_future(server.serve_forever())
    if not options.port:
        await server.serving
        where = server.server.sockets[0].getsockname()[1]
    tell("listening", at=where)
    await asyncio.gather(serving, follow_orders(tripod))


logging.disable(logging.CRITICAL)  # pymodbus calls the end of a connection an error
asyncio.run(main())
