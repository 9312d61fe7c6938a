"""Programs that several tests use: started when the first asks, ended with the run (processes.py)."""

import contextlib
import functools

from .flink import Cluster
from .kafka import Broker
from .places import SCRATCH
from .processes import ProgramError
from .pushed import PushGateway
from .zookeeper import ZooKeeper

_clusters: list[Cluster] = []


@functools.cache
def gateway(line: str) -> PushGateway:
    """Where the cluster of this line tells its metrics."""
    return PushGateway()


@functools.cache
def zookeeper() -> ZooKeeper:
    started = ZooKeeper(SCRATCH / "zookeeper")
    started.wait_until_ready()
    return started


@functools.cache
def cluster(line: str) -> Cluster:
    """`flink-2.3` (whose JobManager may die: ZooKeeper keeps its memory) or `flink-1.20`."""
    memory = zookeeper() if line == "flink-2.3" else None
    started = Cluster(line, SCRATCH / line, gateway=gateway(line), zookeeper=memory)
    _clusters.append(started)
    return started


def cancel_jobs() -> None:
    """What a broken test left running takes no slots from the next one."""
    for each in _clusters:
        with contextlib.suppress(ProgramError, OSError):  # the next test tells what is wrong with it
            each.cancel_all()


@functools.cache
def broker() -> Broker:
    started = Broker(SCRATCH / "kafka")
    started.wait_until_ready()
    return started
