"""What a JVM holds, as the kernel and the JVM itself tell it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .processes import run

_LOADER = re.compile(r"org\.apache\.flink\.util\.\S*ChildFirstClassLoader")
_METASPACE = re.compile(r"Metaspace\s+used (\d+)K")


@dataclass(frozen=True)
class Held:
    """After a full collection: bytes that it uses, and numbers of what must be given back."""

    resident: int
    heap: int
    metaspace: int
    descriptors: int
    threads: int
    # Copies of the native library that are mapped, and class loaders of users' jars.
    libraries: int
    class_loaders: int

    def __str__(self) -> str:
        return (
            f"RSS {self.resident >> 20} MiB, heap {self.heap >> 20} MiB, "
            f"metaspace {self.metaspace >> 10} KiB, {self.descriptors} descriptors, {self.threads} threads, "
            f"{self.libraries} libraries, {self.class_loaders} class loaders"
        )


def resident(pid: int) -> int:
    """Bytes of memory that the process takes now."""
    return int(_of_status(pid, "VmRSS")) * 1024


def held(pid: int) -> Held:
    """What this JVM holds once everything that nobody needs is gone."""
    for _ in range(2):  # the first finds what is dead, and runs its cleaners
        _ask(pid, "GC.run")
    info = _ask(pid, "GC.heap_info")
    used = sum(int(kilobytes) for kilobytes in re.findall(r"generation\s+total \d+K, used (\d+)K", info))
    loaders = re.findall(r"^\S+\s+\S+\s+\S+\s+\d+.*$", _ask(pid, "VM.classloader_stats"), re.M)
    return Held(
        resident=resident(pid),
        heap=used * 1024,
        metaspace=int(_METASPACE.search(info).group(1)) * 1024,
        descriptors=len(os.listdir(f"/proc/{pid}/fd")),
        threads=int(_of_status(pid, "Threads")),
        libraries=libraries(pid),
        class_loaders=sum(bool(_LOADER.search(line)) for line in loaders),
    )


def libraries(pid: int) -> int:
    """Copies of the native library that are mapped."""
    mapped = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()
    return len({line.split()[4] for line in mapped if "alcedo-" in line and ".so" in line})


def _of_status(pid: int, name: str) -> str:
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return re.search(rf"^{name}:\s+(\d+)", text, re.M).group(1)


def _ask(pid: int, *command: str) -> str:
    return run(["jcmd", str(pid), *command])
