#!/usr/bin/env python3
"""What is given away holds what it promises: `package.py GLIBC FILE...` (jars and programs; others are left).

No library or program wants a newer glibc than GLIBC. A jar has the native library for x86_64, nothing that a
cluster brings along (Flink, logging), and the licences of what is in it.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ELF = b"\x7fELF"
# What a cluster has itself: a second copy in a job's jar breaks it in ways that are hard to read.
OF_THE_CLUSTER = re.compile(
    r"org/apache/flink/(?!connector/kafka/|streaming/(connectors/kafka|util/serialization)/)|org/slf4j/"
    r"|org/apache/log4j/|org/apache/logging/|ch/qos/logback/|org/apache/commons/logging/|org/junit/|scala/"
)
# Code in the jar by the beginning of its name, and where its licence is. What is new is somebody's decision.
KNOWN = {
    "io/alcedo/": "META-INF/LICENSE",  # picocli among it
    "native/": "META-INF/licenses/libalcedo_jni.txt",
    "org/apache/flink/": "META-INF/LICENSE",
    "org/apache/kafka/": "META-INF/LICENSE",
    "org/apache/commons/lang3/": "META-INF/LICENSE",
    "com/fasterxml/jackson/": "META-INF/LICENSE",
    "net/jpountz/": "META-INF/licenses/LICENSE.lz4",
    "org/xerial/snappy/": "META-INF/licenses/LICENSE.snappy",
    "com/github/luben/zstd/": "META-INF/licenses/LICENSE.zstd-jni",
    # zstd-jni's libraries
    "aix/": "META-INF/licenses/LICENSE.zstd-jni",
    "darwin/": "META-INF/licenses/LICENSE.zstd-jni",
    "freebsd/": "META-INF/licenses/LICENSE.zstd-jni",
    "linux/": "META-INF/licenses/LICENSE.zstd-jni",
    "win/": "META-INF/licenses/LICENSE.zstd-jni",
}
CODE = (".class", ".so", ".dll", ".dylib", ".jnilib", ".a")


def wanted_glibc(library: Path) -> list[tuple[int, ...]]:
    """The versions of glibc that its symbols name."""
    command = ["readelf", "--version-info", "--wide", library]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    names = set(re.findall(r"\bGLIBC_([0-9.]+)", told.stdout))
    return sorted(tuple(map(int, name.split("."))) for name in names)


def too_new(name: str, library: Path, floor: str) -> list[str]:
    versions = wanted_glibc(library)
    if not versions:
        return [f"{name} names no version of glibc: what it needs is not known"]
    newest = ".".join(map(str, versions[-1]))
    if versions[-1] > tuple(map(int, floor.split("."))):
        return [f"{name} needs glibc {newest}, promised is {floor}: `make release` builds for an older one"]
    return []


def without_licence(names: list[str]) -> list[str]:
    """What is wrong with the licences of the entries with these names."""
    code = {re.sub(r"^META-INF/versions/[0-9]+/", "", name) for name in names if name.endswith(CODE)}
    unknown = sorted(
        name for name in code if not name.startswith(tuple(KNOWN)) and name != "module-info.class"
    )
    licences = {KNOWN[begin] for begin in KNOWN if any(name.startswith(begin) for name in code)}
    return [
        *(
            f"{name} is new in it: give its licence, and name both in scripts/package.py"
            for name in unknown[:5]
        ),
        *(f"{licence} is missing" for licence in sorted(licences - set(names))),
        *(f"{name} is missing" for name in ("META-INF/LICENSE", "META-INF/NOTICE") if name not in names),
    ]


def wrong_in_jar(jar: Path, floor: str) -> list[str]:
    wrong = []
    with zipfile.ZipFile(jar) as content, tempfile.TemporaryDirectory() as folder:
        names = content.namelist()
        foreign = sorted({name for name in names if name.endswith(".class") and OF_THE_CLUSTER.match(name)})
        wrong += [f"{jar.name} brings {name}, which a cluster has itself: exclude it" for name in foreign[:5]]
        wrong += [f"{jar.name}: {line}" for line in without_licence(names)]
        libraries = [name for name in names if name.startswith("native/") and name.endswith(".so")]
        if "native/linux-x86_64/libalcedo_jni.so" not in libraries:
            wrong.append(f"{jar.name} has no native library for x86_64: run `make native` first")
        for name in libraries:
            wrong += too_new(f"{jar.name}: {name}", Path(content.extract(name, folder)), floor)
    return wrong


def wrong_in(file: Path, floor: str) -> list[str]:
    if file.suffix == ".jar":
        return wrong_in_jar(file, floor)
    with file.open("rb") as begin:
        is_program = begin.read(len(ELF)) == ELF
    return too_new(file.name, file, floor) if is_program else []


def main(words: list[str]) -> int:
    if len(words) < 2:
        sys.exit(__doc__)
    floor, *files = words
    wrong = [line for file in files for line in wrong_in(Path(file), floor)]
    print("\n".join(wrong) if wrong else f"{len(files)} files: as promised, glibc {floor} at most")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
