"""What a jar must not hold, and what it must."""

import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import package

LIBRARY = Path(sys.executable).resolve()  # some program that is linked with glibc
GOOD = (
    "META-INF/LICENSE",
    "META-INF/NOTICE",
    "META-INF/licenses/libalcedo_jni.txt",
    "io/alcedo/job/AlcedoJob.class",
)


class Package(unittest.TestCase):
    def wrong(self, *more: str, glibc: str = "99.0", native: bool = True, without: str = "") -> str:
        with tempfile.TemporaryDirectory() as folder:
            jar = Path(folder) / "a.jar"
            with zipfile.ZipFile(jar, "w") as content:
                for name in (*GOOD, *more):
                    if name != without:
                        content.writestr(name, "")
                if native:
                    content.write(LIBRARY, "native/linux-x86_64/libalcedo_jni.so")
            return "\n".join(package.wrong_in(jar, glibc))

    def test_a_jar_with_all_it_needs_is_right(self) -> None:
        self.assertEqual(self.wrong("org/apache/flink/connector/kafka/sink/KafkaSink.class"), "")

    def test_what_a_cluster_has_itself_is_named(self) -> None:
        for name in ("org/apache/flink/api/common/JobID.class", "org/slf4j/Logger.class"):
            self.assertIn(f"brings {name}", self.wrong(name))

    def test_what_is_new_needs_a_decision(self) -> None:
        self.assertIn(
            "com/example/New.class is new", self.wrong("META-INF/versions/11/com/example/New.class")
        )

    def test_licences_are_not_forgotten(self) -> None:
        self.assertIn(
            "META-INF/licenses/LICENSE.lz4 is missing", self.wrong("net/jpountz/lz4/LZ4Factory.class")
        )
        self.assertIn("META-INF/NOTICE is missing", self.wrong(without="META-INF/NOTICE"))

    def test_a_newer_glibc_than_promised_is_told(self) -> None:
        self.assertIn("promised is 2.1:", self.wrong(glibc="2.1"))

    def test_a_jar_without_its_library_is_told(self) -> None:
        self.assertIn("no native library for x86_64", self.wrong(native=False))
