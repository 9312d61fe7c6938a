package io.alcedo.job;

import io.alcedo.flink.AlcedoOptions;
import io.alcedo.flink.AudienceSource;
import io.alcedo.flink.DirectoryAudiences;
import io.alcedo.flink.DirectoryRules;
import io.alcedo.flink.RuleSource;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Where rules and audiences are. */
final class RuleOptions {
    @Option(
            names = "--rules",
            required = true,
            paramLabel = "DIR",
            description = "Directory of rules: all *.json files are the set; watched while the job runs. The same on"
                    + " every machine of the cluster.")
    String rules;

    @Option(
            names = "--audiences",
            paramLabel = "DIR",
            description = "Directory of audiences, files <id>.audience as `alcedo audience` writes them.")
    String audiences;

    @Option(
            names = "--rules-interval",
            paramLabel = "TIME",
            description = "How often the rules are looked at.",
            defaultValue = "2s")
    Duration interval;

    @Option(
            names = "--rules-timeout",
            paramLabel = "TIME",
            description = "How long the first start waits for the directory of rules.",
            defaultValue = "1m")
    Duration rulesTimeout;

    @Option(
            names = "--audiences-timeout",
            paramLabel = "TIME",
            description = "How long a restored job waits for the audiences of its rules.",
            defaultValue = "2m")
    Duration audiencesTimeout;

    @Option(
            names = "--max-user-bytes",
            paramLabel = "SIZE",
            description = "Refuse a rule that may need more bytes of state for one user, as its compile report says.")
    Units.Size maxUserBytes = new Units.Size(16 << 20);

    void check() {
        Check.that(!rules.isBlank(), "--rules", "empty", "a directory");
    }

    void into(AlcedoOptions operator) {
        operator.rulesInterval(interval)
                .rulesTimeout(rulesTimeout)
                .audiencesTimeout(audiencesTimeout)
                .maxUserBytes(maxUserBytes.bytes);
    }

    RuleSource ruleSource() {
        return new DirectoryRules(rules);
    }

    AudienceSource audienceSource() {
        return audiences == null ? AudienceSource.none() : new DirectoryAudiences(audiences);
    }
}
