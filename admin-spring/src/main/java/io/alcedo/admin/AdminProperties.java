package io.alcedo.admin;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What can be set under {@code alcedo}.
 *
 * @param data folder of the embedded database, and of what is generated at the first start
 * @param kafka the topics of published rules and of matches; none: all goes by HTTP
 */
@Validated
@ConfigurationProperties("alcedo")
public record AdminProperties(
        @NotNull Path data,
        @Valid @NotNull @DefaultValue Kafka kafka,
        @Valid @NotNull @DefaultValue Engine engine,
        @Valid @NotNull @DefaultValue Matches matches,
        @Valid @NotNull @DefaultValue Events events,
        @Valid @NotNull @DefaultValue Backtests backtests,
        @Valid @NotNull @DefaultValue Approval approval) {

    /**
     * Who must agree before a rule runs.
     *
     * @param everywhere a second person in every workspace, whatever it says itself: accounts belong to no workspace, so
     *     whoever may write rules may write them in any
     */
    public record Approval(@DefaultValue("false") boolean everywhere) {}

    /**
     * Matches that jobs report.
     *
     * @param keep how long after they came
     */
    public record Matches(@DefaultValue("30d") Duration keep) {}

    /**
     * Users' events of late, for time lines, explanations and forecasts.
     *
     * @param keep how long after they happened, counted from the latest that came
     * @param most so many at most, the latest
     * @param mapping where user, type, time and id are in an event, as the job's; empty: the default names
     */
    public record Events(
            @DefaultValue("30d") Duration keep,
            @DefaultValue("2000000") long most,
            @DefaultValue("") String mapping) {}

    /**
     * Trials of rules on logs.
     *
     * @param fileBytes of one uploaded log
     * @param time that one trial may take
     * @param waiting so many at most
     */
    public record Backtests(
            @DefaultValue("134217728") long fileBytes,
            @DefaultValue("10m") Duration time,
            @DefaultValue("20") int waiting) {}

    /**
     * Where published rules go, and matches come from.
     *
     * @param bootstrapServers host:port, comma-separated; empty: no Kafka
     * @param rulesTopic a compacted topic, keyed by rule id
     * @param lateAfter how long a published rule may wait for the topic before the service says that it is not well
     * @param matchesTopic where jobs write matches; empty: they bring them by HTTP
     * @param matchesGroup the consumer group that this service and its other instances read it as
     */
    public record Kafka(
            @DefaultValue("") String bootstrapServers,
            @DefaultValue("alcedo-rules") String rulesTopic,
            @DefaultValue("5m") Duration lateAfter,
            @DefaultValue("") String matchesTopic,
            @DefaultValue("alcedo-admin") String matchesGroup) {}

    /**
     * What concerns the running jobs.
     *
     * @param poll how often the outbox is looked at for changes that another instance made
     * @param reconcile how often what the jobs say is compared with what they should run
     */
    public record Engine(
            @DefaultValue("500ms") Duration poll,
            @DefaultValue("1m") Duration reconcile) {}
}
