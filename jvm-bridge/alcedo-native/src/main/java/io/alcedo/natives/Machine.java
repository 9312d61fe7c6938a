package io.alcedo.natives;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.Map;

/** The system and processor that this JVM runs on, by the names under which the jar carries libraries. */
final class Machine {
    /** Processors that there are libraries for, with their number in an ELF file. */
    private static final Map<String, Integer> ELF_MACHINES = Map.of("x86_64", 62, "aarch64", 183);

    private Machine() {}

    /** As {@code linux-x86_64}. */
    static String name() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '-');
        return system + "-" + processor();
    }

    /** The number that a library for this processor carries; 0 where there is none. */
    static int elf() {
        return ELF_MACHINES.getOrDefault(processor(), 0);
    }

    private static String processor() {
        String processor = System.getProperty("os.arch");
        return processor.equals("amd64") ? "x86_64" : processor;
    }

    /** The C library, in a word for messages. */
    static String libc() {
        Path musl = Paths.get("/lib/ld-musl-" + processor() + ".so.1");
        if (Files.exists(musl)) {
            return "musl";
        }
        boolean glibc = Files.exists(Paths.get("/lib64/ld-linux-x86-64.so.2"))
                || Files.exists(Paths.get("/lib/ld-linux-aarch64.so.1"));
        return glibc ? "glibc" : "an unknown C library";
    }
}
