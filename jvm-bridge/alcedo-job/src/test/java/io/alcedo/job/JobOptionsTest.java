package io.alcedo.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** The command line: defaults, units, and refusals that name the option and the cure. */
class JobOptionsTest {
    private static JobOptions parse(String... more) {
        List<String> all = new ArrayList<>(List.of("--events", "log.jsonl", "--rules", "rules"));
        all.addAll(Arrays.asList(more));
        return JobOptions.parse(all.toArray(new String[0]));
    }

    @Test
    void defaults() {
        JobOptions options = parse();
        assertEquals(List.of("log.jsonl"), options.events.files);
        assertEquals(Duration.ofSeconds(2), options.events.outOfOrderness);
        assertEquals(Duration.ofSeconds(10), options.checkpointInterval);
        assertEquals("terminal", options.outputs.matches);
        assertEquals(128, options.maxParallelism);
    }

    @Test
    void units() {
        assertEquals(OutputOptions.Delivery.EXACTLY_ONCE, parse("--delivery", "exactly-once").outputs.delivery);
        JobOptions options = parse(
                "--until",
                "2022-08-10T00:00:00+08:00",
                "--cache-bytes",
                "128m",
                "--out-of-orderness",
                "15m",
                "--order",
                "ARRIVAL");
        assertEquals(1_660_060_800_000L, options.engine.until.millis);
        assertEquals(128L << 20, options.engine.cacheBytes.bytes);
        assertEquals(Duration.ofMinutes(15), options.events.outOfOrderness);
    }

    @Test
    void refusals() {
        refused("--rules is missing", "--events", "log.jsonl");
        refused("--rules is given twice", "--events", "l", "--rules", "r", "--rules-topic", "t");
        refused("--kafka-bootstrap is missing", "--events", "l", "--rules-topic", "t");
        refused("--events-topic", "--rules", "r", "--kafka-bootstrap", "b", "--events-topic", "t=no-such-file");
        refused(
                "each topic once",
                "--rules",
                "r",
                "--kafka-bootstrap",
                "b",
                "--events-topic",
                "t",
                "--events-topic",
                "t");
        refused(
                "--commands is given twice",
                "--events",
                "l",
                "--rules",
                "r",
                "--commands",
                "c",
                "--commands-topic",
                "t");
        refused("--kafka-bootstrap is missing", "--events", "l", "--rules", "r", "--commands-topic", "t");
        refused("--rules-token-file", "--events", "l", "--rules", "dir", "--rules-token-file", "t");
        refused(
                "--audiences-token-file",
                "--events",
                "l",
                "--rules",
                "r",
                "--audiences",
                "d",
                "--audiences-token-file",
                "t");
        refused("dedupe", "--events", "l", "--rules", "r", "--dedupe", "4097");
        refused("the input is missing", "--rules", "rules");
        refused(
                "the input is given twice",
                "--rules",
                "r",
                "--events",
                "l",
                "--events-topic",
                "t",
                "--kafka-bootstrap",
                "b");
        refused("--kafka-bootstrap is missing", "--rules", "r", "--events-topic", "t");
        refused("--max-ahead", "--rules", "r", "--events", "l", "--max-ahead", "1h");
        refused("--mapping", "--rules", "r", "--events", "l", "--mapping", "no-such-file.json");
        refused("15x", "--rules", "r", "--events", "l", "--out-of-orderness", "15x");
        refused("2022-08-10", "--rules", "r", "--events", "l", "--until", "2022-08-10");
        refused("--skip", "--rules", "r", "--events", "l", "--skip", "5");
        refused("--parallelism", "--rules", "r", "--events", "l", "--parallelism", "200");
        refused("lateness", "--rules", "r", "--events", "l", "--lateness", "5s");
        refused(
                "--checkpoint-interval",
                "--rules",
                "r",
                "--events",
                "l",
                "--output",
                "dir",
                "--checkpoint-interval",
                "0s");
        refused("--kafka-bootstrap", "--rules", "r", "--events", "l", "--output", "kafka:matches");
        refused("Unknown option", "--rules", "r", "--events", "l", "--no-such-option", "x");
    }

    private static void refused(String part, String... arguments) {
        String message = assertThrows(ParameterException.class, () -> JobOptions.parse(arguments))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void mainRefusesWithoutAStackTraceForPeople() {
        ProgramParametrizationException refused = assertThrows(
                ProgramParametrizationException.class, () -> AlcedoJob.main(new String[] {"--events", "log.jsonl"}));
        assertTrue(refused.getMessage().contains("--rules"), refused.getMessage());
    }

    @Test
    void helpNamesEveryOptionWithItsDefault() {
        StringWriter help = new StringWriter();
        assertTrue(JobOptions.help(new PrintWriter(help), "--help"));
        for (String part :
                List.of("--events", "--kafka-bootstrap", "--until", "--bundle-time", "50ms", "64m", "--skip")) {
            assertTrue(help.toString().contains(part), part + " is missing in\n" + help);
        }
    }
}
