package io.alcedo.job;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The stand-alone program {@code alcedo}, whose backtest is what a job must agree with. */
final class Program {
    private Program() {}

    private static Path path() {
        Path program = Path.of(System.getProperty("alcedo.program"));
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    program + " is not built: run `make native` (or cargo build --release) in the repository's root");
        }
        return program;
    }

    /** Runs it; fails with what it said where its exit code is not 0. */
    static void run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(path().toString()));
        command.addAll(Arrays.asList(arguments));
        File said = folder.resolve("said.txt").toFile();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said)
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " failed: " + Files.readString(said.toPath()));
        }
    }
}
