"""How a JVM is started, and where the class paths come from."""

import subprocess
import sys

from .places import ROOT

# What Flink's own start scripts open on Java 17 (its `env.java.opts.all`).
FLINK_OPENS = [
    f"--add-exports={package}=ALL-UNNAMED"
    for package in (
        "java.base/sun.net.util",
        "java.rmi/sun.rmi.registry",
        "jdk.compiler/com.sun.tools.javac.api",
        "jdk.compiler/com.sun.tools.javac.file",
        "jdk.compiler/com.sun.tools.javac.parser",
        "jdk.compiler/com.sun.tools.javac.tree",
        "jdk.compiler/com.sun.tools.javac.util",
        "java.security.jgss/sun.security.krb5",
    )
] + [
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in (
        "java.lang",
        "java.net",
        "java.io",
        "java.nio",
        "sun.nio.ch",
        "java.lang.reflect",
        "java.text",
        "java.time",
        "java.util",
        "java.util.concurrent",
        "java.util.concurrent.atomic",
        "java.util.concurrent.locks",
    )
]


def class_path(program: str) -> str:
    """The class path of a real program: `flink-2.3`, `flink-1.20` or `kafka`."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "classpath.py"), program],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()
