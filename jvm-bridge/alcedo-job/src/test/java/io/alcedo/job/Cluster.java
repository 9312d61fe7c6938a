package io.alcedo.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A mini cluster for one job, on the loopback interface alone, and the files that jobs leave. */
final class Cluster {
    private Cluster() {}

    static StreamExecutionEnvironment environment(int parallelism, String backend) {
        Configuration config = new Configuration();
        config.setString("rest.bind-address", "127.0.0.1");
        config.setString("rest.address", "127.0.0.1");
        config.setString("rest.port", "0");
        config.setString("state.backend.type", backend);
        config.setString("restart-strategy.type", "fixed-delay");
        config.setString("restart-strategy.fixed-delay.attempts", "3");
        config.setString("restart-strategy.fixed-delay.delay", "100 ms");
        config.setString("taskmanager.memory.managed.size", "64m");
        config.setString("taskmanager.memory.network.min", "32m");
        config.setString("taskmanager.memory.network.max", "32m");
        return StreamExecutionEnvironment.createLocalEnvironment(parallelism, config);
    }

    /** Lines of the finished files of a sink, sorted. */
    static List<String> lines(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (!file.getFileName().toString().startsWith(".")) {
                        lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
                    }
                }
            }
        }
        Collections.sort(lines);
        return lines;
    }
}
