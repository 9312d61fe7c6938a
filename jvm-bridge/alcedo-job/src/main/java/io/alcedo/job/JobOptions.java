package io.alcedo.job;

import io.alcedo.flink.AlcedoOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line of the job. Every option has a default that {@code --help} shows and a check that names it. */
@Command(
        name = "alcedo-job",
        description = "Judges events by rules, in a Flink job.",
        mixinStandardHelpOptions = true,
        versionProvider = JobVersion.class,
        sortOptions = false,
        showDefaultValues = true,
        usageHelpWidth = 110,
        footer = {
            "",
            "Durations: an integer and ms, s, m, h, d or w (15m). Sizes: bytes, or with k, m or g (64m).",
            "State backend, savepoints and memory are Flink's own settings (flink run -D...)."
        })
public final class JobOptions {
    @Mixin
    EventOptions events = new EventOptions();

    @Mixin
    RuleOptions rules = new RuleOptions();

    @Mixin
    CommandOptions commands = new CommandOptions();

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Mixin
    OutputOptions outputs = new OutputOptions();

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the job.")
    String name = "alcedo";

    @Option(names = "--parallelism", paramLabel = "N", description = "Subtasks; 0 = what the cluster says.")
    int parallelism;

    @Option(
            names = "--max-parallelism",
            paramLabel = "N",
            description = "The most subtasks the job may ever be rescaled to; fixed for its life.")
    int maxParallelism = 128;

    @Option(
            names = "--rule-metrics",
            paramLabel = "N",
            description = "How many rules have a metric of their own for their matches; the others share one.")
    int ruleMetrics = 200;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "TIME",
            description = "Time between checkpoints; 0s = none. Files and Kafka transactions end at a checkpoint.",
            defaultValue = "10s")
    Duration checkpointInterval;

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "URI",
            description = "Where checkpoints are kept; default: as the cluster is configured.")
    String checkpointDir;

    private JobOptions() {}

    /** Parses and checks; throws {@link ParameterException} with a message for people. */
    public static JobOptions parse(String... args) {
        JobOptions options = new JobOptions();
        CommandLine line = line(options);
        line.parseArgs(args);
        if (!line.isUsageHelpRequested() && !line.isVersionHelpRequested()) {
            try {
                options.check();
            } catch (IllegalArgumentException e) {
                throw new ParameterException(line, e.getMessage(), e);
            }
        }
        return options;
    }

    /** Prints help or version where they were asked for; whether they were. */
    static boolean help(PrintWriter out, String... args) {
        CommandLine line = line(new JobOptions());
        line.parseArgs(args);
        if (line.isUsageHelpRequested()) {
            line.usage(out);
        } else if (line.isVersionHelpRequested()) {
            line.printVersionHelp(out, CommandLine.Help.Ansi.OFF, new Object[0]);
        }
        out.flush();
        return line.isUsageHelpRequested() || line.isVersionHelpRequested();
    }

    /** What the options are, for their reference. */
    static CommandLine.Model.CommandSpec spec() {
        return line(new JobOptions()).getCommandSpec();
    }

    private static CommandLine line(JobOptions options) {
        return new CommandLine(options)
                .registerConverter(Duration.class, new Units.Durations())
                .registerConverter(Units.Size.class, new Units.Sizes())
                .registerConverter(Units.Moment.class, new Units.Moments())
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A misspelt option after --events is an error, not one more file.
                .setUnmatchedOptionsAllowedAsOptionParameters(false);
    }

    private void check() {
        events.check();
        rules.check(events);
        commands.check(events);
        outputs.check(this);
        Check.that(parallelism >= 0, "--parallelism", parallelism, "0 or more");
        Check.that(
                parallelism <= maxParallelism,
                "--parallelism",
                parallelism,
                "at most --max-parallelism " + maxParallelism);
        operator().check();
    }

    /** Settings of the operator. */
    AlcedoOptions operator() {
        AlcedoOptions operator =
                new AlcedoOptions().maxParallelism(maxParallelism).ruleMetrics(ruleMetrics);
        engine.into(operator);
        rules.into(operator);
        outputs.into(operator);
        List<String> mappings = events.mappings();
        mappings.subList(1, mappings.size()).forEach(operator::andMapping);
        return operator.mapping(mappings.get(0));
    }
}
