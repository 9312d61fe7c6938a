"""Programs that several tests use: started when the first asks, ended with the run (processes.py)."""

import functools

from .flink import Cluster
from .kafka import Broker
from .places import SCRATCH
from .pushed import PushGateway
from .zookeeper import ZooKeeper


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
    return Cluster(line, SCRATCH / line, gateway=gateway(line), zookeeper=memory)


@functools.cache
def broker() -> Broker:
    started = Broker(SCRATCH / "kafka")
    started.wait_until_ready()
    return started
