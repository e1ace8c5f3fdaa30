"""Between a program and a message bus, as a Flatpak's proxy: the bus names this process as the program's.

    python tests/support/bus_proxy.py ADDRESS PATH

It listens at PATH and passes everything on to the bus at ADDRESS.
"""

from __future__ import annotations

import asyncio
import re
import sys


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def serve(bus: str, path: str) -> None:
    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bus_reader, bus_writer = await asyncio.open_unix_connection(bus)
        await asyncio.gather(pass_on(reader, bus_writer), pass_on(bus_reader, writer))

    server = await asyncio.start_unix_server(meet, path)
    await server.serve_forever()


if __name__ == "__main__":
    address = re.search(r"unix:path=([^,]*)", sys.argv[1])
    assert address is not None, sys.argv[1]
    asyncio.run(serve(address[1], sys.argv[2]))
