package io.alcedo.job;

import io.alcedo.flink.AlcedoOptions;
import io.alcedo.flink.AlcedoOptions.EndOfInput;
import io.alcedo.flink.AlcedoOptions.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;

/** How events are judged, and what memory that may take. */
final class EngineOptions {
    @Option(
            names = "--order",
            paramLabel = "MODE",
            description = "ordered: events wait for the watermark and are judged by time, as a backtest does;"
                    + " arrival: at once.",
            defaultValue = "ordered")
    Order order;

    @Option(
            names = "--lateness",
            paramLabel = "TIME",
            description = "Only with --order arrival: how far behind the watermark an event may be.",
            defaultValue = "0s")
    Duration lateness;

    @Option(
            names = "--until",
            paramLabel = "MOMENT",
            description = "End the input at this time (RFC 3339, or Unix ms): nothing later happens. Default none.")
    Units.Moment until;

    @Option(
            names = "--end-of-input",
            paramLabel = "WHAT",
            description = "What the end does to deadlines that have not passed. hold: they stay open; fire: all pass.",
            defaultValue = "hold")
    EndOfInput endOfInput;

    @Option(
            names = "--dedupe",
            paramLabel = "N",
            description =
                    "Drop an event whose id is among those of its user's last N events taken in (at most 4096); 0: none"
                            + " is. Costs up to 17 bytes of state per id, for as long as the user is known.")
    int dedupe;

    @Option(names = "--bundle-records", paramLabel = "N", description = "Records that make a bundle full.")
    int bundleRecords = 1000;

    @Option(names = "--bundle-bytes", paramLabel = "SIZE", description = "Bytes that make a bundle full; at most 8m.")
    Units.Size bundleBytes = new Units.Size(1 << 20);

    @Option(
            names = "--bundle-time",
            paramLabel = "TIME",
            description = "How long a record may wait in a bundle: latency, with --order arrival.",
            defaultValue = "50ms")
    Duration bundleTime;

    @Option(
            names = "--cache-bytes",
            paramLabel = "SIZE",
            description = "Native memory, per subtask: users' states, what waits to be told, the rules and the buffers;"
                    + " outside the heap.")
    Units.Size cacheBytes = new Units.Size(64 << 20);

    @Option(names = "--cache-users", paramLabel = "N", description = "Most users in the cache; default: no limit.")
    Integer cacheUsers;

    @Option(
            names = "--cache-dirty-users",
            paramLabel = "N",
            description = "Most users that a barrier may have to write back.")
    int dirtyUsers = 20_000;

    @Option(
            names = "--skip",
            showDefaultValue = Help.Visibility.NEVER,
            paramLabel = "PARTITION:POSITION",
            description = "Leave out a record that stops the job; it goes to the bad records. May be given several"
                    + " times.")
    List<String> skip = new ArrayList<>();

    void into(AlcedoOptions operator) {
        operator.order(order)
                .lateness(lateness)
                .until(until == null ? null : until.millis)
                .endOfInput(endOfInput)
                .bundleRecords(bundleRecords)
                .bundleBytes((int) Math.min(Integer.MAX_VALUE, bundleBytes.bytes))
                .bundleTime(bundleTime)
                .cacheBytes(cacheBytes.bytes)
                .cacheUsers(cacheUsers == null ? Integer.MAX_VALUE : cacheUsers)
                .dirtyUsers(dirtyUsers)
                .dedupe(dedupe);
        for (String place : skip) {
            Check.that(place.matches("[0-9]{1,9}:[0-9]{1,18}"), "--skip", place, "PARTITION:POSITION, as in 0:1234");
            String[] parts = place.split(":");
            operator.skip(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        }
    }
}
