package io.alcedo.job;

import io.alcedo.flink.AlcedoOptions;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Where matches, and what is not one, go. */
final class OutputOptions {
    /** What Kafka promises about matches after a failure. */
    enum Delivery {
        AT_LEAST_ONCE,
        EXACTLY_ONCE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final String WHERE =
            " terminal (the TaskManager's standard output), log, none, kafka:TOPIC, or a directory.";

    @Option(
            names = "--output",
            paramLabel = "WHERE",
            description = "Matches:" + WHERE + " Or an http(s) address, which gets them as JSON lines, at least once.")
    String matches = Destination.TERMINAL;

    @Option(names = "--late-output", paramLabel = "WHERE", description = "Events that came too late:" + WHERE)
    String late = Destination.LOG;

    @Option(names = "--bad-output", paramLabel = "WHERE", description = "Records that cannot be read:" + WHERE)
    String bad = Destination.LOG;

    @Option(
            names = "--status-output",
            paramLabel = "WHERE",
            description = "What became of rules:" + WHERE + " Or an http(s) address.")
    String status = Destination.LOG;

    @Option(
            names = "--heartbeat",
            paramLabel = "TIME",
            description =
                    "How often each subtask says on the rule-status output that it is there, and what it judges by;"
                            + " 0s: never. Default 30s where that is an http(s) address, else never.")
    Duration heartbeat;

    @Option(names = "--audit-output", paramLabel = "WHERE", description = "What became of commands:" + WHERE)
    String audit = Destination.LOG;

    @Option(
            names = "--output-token-file",
            paramLabel = "FILE",
            description = "File with the bearer token for http(s) addresses of outputs; read at every request.")
    String tokenFile;

    @Option(
            names = "--delivery",
            paramLabel = "PROMISE",
            description = "Of Kafka outputs: ${COMPLETION-CANDIDATES}. Exactly once needs checkpoints.")
    Delivery delivery = Delivery.AT_LEAST_ONCE;

    @Option(
            names = "--transaction-prefix",
            paramLabel = "TEXT",
            description = "Names the job's Kafka transactions; another one for each job of a cluster.")
    String transactionPrefix = "alcedo";

    void into(AlcedoOptions operator) {
        boolean address = Destination.parse("--status-output", status).kind == Destination.Kind.HTTP;
        operator.heartbeat(heartbeat != null ? heartbeat : address ? Duration.ofSeconds(30) : Duration.ZERO);
    }

    void check(JobOptions job) {
        check(job, "--output", matches);
        check(job, "--late-output", late);
        check(job, "--bad-output", bad);
        check(job, "--status-output", status);
        check(job, "--audit-output", audit);
    }

    private void check(JobOptions job, String option, String where) {
        Destination to = Destination.parse(option, where);
        Check.that(
                to.kind != Destination.Kind.HTTP || option.equals("--output") || option.equals("--status-output"),
                option,
                where,
                "terminal, log, none, kafka:TOPIC or a directory; only matches and rule status go to an address");
        boolean checkpoints = !job.checkpointInterval.isZero();
        Check.that(
                to.kind != Destination.Kind.FILES || checkpoints,
                option,
                where,
                "used with checkpoints (--checkpoint-interval), which finish files");
        if (to.kind == Destination.Kind.KAFKA) {
            Check.that(job.events.brokers != null, option, where, "given with --kafka-bootstrap");
            Check.that(
                    delivery == Delivery.AT_LEAST_ONCE || checkpoints,
                    "--delivery",
                    delivery,
                    "used with checkpoints (--checkpoint-interval), which end transactions");
        }
    }
}
