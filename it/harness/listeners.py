"""On which addresses a program listens, as the kernel tells it (/proc)."""

import ipaddress
import os
import re
import struct

_SOCKET = re.compile(r"socket:\[(\d+)\]")
_LISTEN = "0A"


def listening(pid: int) -> set[str]:
    """The addresses of all TCP sockets that this process listens on."""
    own = set()
    for descriptor in os.scandir(f"/proc/{pid}/fd"):
        try:
            found = _SOCKET.fullmatch(os.readlink(descriptor))
        except FileNotFoundError:
            continue  # closed meanwhile
        if found:
            own.add(found.group(1))
    addresses = set()
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{pid}/net/{table}", encoding="ascii") as lines:
            for line in list(lines)[1:]:
                words = line.split()
                if words[3] == _LISTEN and words[9] in own:
                    addresses.add(_address(words[1].split(":")[0]))
    return addresses


def is_loopback(address: str) -> bool:
    """127.0.0.0/8, ::1, and the former written as IPv6."""
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


def _address(words: str) -> str:
    """The kernel prints an address as 32-bit words in the machine's byte order."""
    packed = b"".join(struct.pack("=I", int(words[at : at + 8], 16)) for at in range(0, len(words), 8))
    return str(ipaddress.ip_address(packed))
