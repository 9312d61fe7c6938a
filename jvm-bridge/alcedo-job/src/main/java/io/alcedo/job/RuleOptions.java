package io.alcedo.job;

import io.alcedo.flink.AlcedoOptions;
import io.alcedo.flink.AudienceSource;
import io.alcedo.flink.DirectoryAudiences;
import io.alcedo.flink.DirectoryRules;
import io.alcedo.flink.FileSystemAudiences;
import io.alcedo.flink.FileSystemRules;
import io.alcedo.flink.HttpAudiences;
import io.alcedo.flink.HttpRules;
import io.alcedo.flink.KafkaRules;
import io.alcedo.flink.RuleSource;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Where rules and audiences are. */
final class RuleOptions {
    @Option(
            names = "--rules",
            paramLabel = "DIR|URL",
            description =
                    "Rules: a directory whose *.json files are the set (the same on every machine of the cluster),"
                            + " one in a file system of the cluster's Flink (s3://, oss://, hdfs://, ...), or an http(s)"
                            + " address that answers with a JSON list. Watched while the job runs.")
    String rules;

    @Option(
            names = "--rules-topic",
            paramLabel = "TOPIC",
            description =
                    "Kafka topic of rules, keyed by rule id and compacted, in place of --rules; also what Debezium"
                            + " or Canal tell of a table with the column `rule`. Uses --kafka-bootstrap and --kafka-property.")
    String topic;

    @Option(
            names = "--rules-token-file",
            paramLabel = "FILE",
            description = "File with the bearer token for an http(s) address of rules; read at every request.")
    String tokenFile;

    @Option(
            names = "--rules-may-be-empty",
            description = "Let a set without any rule stop all rules. Without it they run on: an unmounted share looks"
                    + " the same.")
    boolean mayBeEmpty;

    @Option(
            names = "--audiences",
            paramLabel = "DIR|URL",
            description =
                    "Audiences as `alcedo audience` writes them: a directory with files <id>.audience, one in a file"
                            + " system of the cluster's Flink (s3://, oss://, hdfs://, ...), or an http(s) address that"
                            + " lists them, a line `id version` each, and gives each under its id.")
    String audiences;

    @Option(
            names = "--audiences-token-file",
            paramLabel = "FILE",
            description = "File with the bearer token for an http(s) address of audiences; read at every request.")
    String audiencesTokenFile;

    @Option(
            names = "--rules-interval",
            paramLabel = "TIME",
            description = "How often rules and audiences are looked at.",
            defaultValue = "2s")
    Duration interval;

    @Option(
            names = "--rules-timeout",
            paramLabel = "TIME",
            description = "How long the first start waits until the rules can be read.",
            defaultValue = "1m")
    Duration rulesTimeout;

    @Option(
            names = "--audiences-timeout",
            paramLabel = "TIME",
            description = "How long a restored job waits for the audiences of the rules that ran; then it fails.",
            defaultValue = "2m")
    Duration audiencesTimeout;

    @Option(
            names = "--max-user-bytes",
            paramLabel = "SIZE",
            description = "Refuse a rule that may need more bytes of state for one user, as its compile report says.")
    Units.Size maxUserBytes = new Units.Size(16 << 20);

    void check(EventOptions events) {
        boolean given = rules != null && !rules.isBlank();
        Check.that(
                given == (topic == null),
                "--rules",
                given ? "given twice" : "missing",
                "either --rules DIR|URL or --rules-topic");
        Check.that(topic == null || events.brokers != null, "--kafka-bootstrap", "missing", "given with --rules-topic");
        Check.that(tokenFile == null || isUrl(), "--rules-token-file", tokenFile, "left out: only an address needs it");
        Check.that(
                audiencesTokenFile == null || isUrl(audiences),
                "--audiences-token-file",
                audiencesTokenFile,
                "left out: only an address needs it");
    }

    private boolean isUrl() {
        return isUrl(rules);
    }

    private static boolean isUrl(String place) {
        return place != null && place.matches("https?://.*");
    }

    /** A place with any other scheme: Flink's file systems know it, or say which they know. */
    private static boolean isInFileSystem(String place) {
        return place.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*") && !isUrl(place);
    }

    void into(AlcedoOptions operator) {
        operator.rulesInterval(interval)
                .rulesTimeout(rulesTimeout)
                .rulesMayBeEmpty(mayBeEmpty)
                .audiencesTimeout(audiencesTimeout)
                .maxUserBytes(maxUserBytes.bytes);
    }

    RuleSource ruleSource(EventOptions events) {
        if (topic != null) {
            return new KafkaRules(events.brokers, topic, events.properties());
        }
        if (isUrl()) {
            return new HttpRules(rules, tokenFile);
        }
        return isInFileSystem(rules) ? new FileSystemRules(rules) : new DirectoryRules(rules);
    }

    AudienceSource audienceSource() {
        if (audiences == null) {
            return AudienceSource.none();
        }
        if (isUrl(audiences)) {
            return new HttpAudiences(audiences, audiencesTokenFile);
        }
        return isInFileSystem(audiences) ? new FileSystemAudiences(audiences) : new DirectoryAudiences(audiences);
    }
}
