"""ZooKeeper, where a JobManager's memory outlives it: the very one that Flink's distribution starts."""

from pathlib import Path

from .java import class_path
from .places import ROOT
from .processes import Program, accepts, free_ports, wait_for

_LOGGING = ROOT / "it" / "kafka" / "log4j2.properties"


class ZooKeeper:
    """One server on loopback; everything it writes lies in `folder`."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True)
        (self._port,) = free_ports(1)
        self.address = f"127.0.0.1:{self._port}"
        config = folder / "zoo.cfg"
        lines = [
            f"dataDir={folder / 'data'}",
            f"clientPort={self._port}",
            "clientPortAddress=127.0.0.1",
            "admin.enableServer=false",
        ]
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        command += [f"-Dlog4j2.configurationFile={_LOGGING}", "-cp", class_path("flink-2.3")]
        command += ["org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer"]
        command += ["--zkConfigFile", str(config), "--peerId", "1"]
        self.program = Program("zookeeper", command, folder / "zookeeper.log")

    def wait_until_ready(self) -> None:
        wait_for("zookeeper: its port", lambda: accepts(self._port), 90, (self.program,))
