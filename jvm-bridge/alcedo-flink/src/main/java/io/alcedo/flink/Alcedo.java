package io.alcedo.flink;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Rules in a job of your own, in five lines: docs/operators/embed.md has them.
 */
public final class Alcedo {
    private Alcedo() {}

    /** Joins events with rules; there are no commands. */
    public static AlcedoStreams matches(
            DataStream<Ingest> events, RuleSource rules, AudienceSource audiences, AlcedoOptions options) {
        return matches(events, null, rules, audiences, options);
    }

    /**
     * Joins events with rules.
     *
     * @param events records as {@link FileEvents}, {@link KafkaEvents} or a source of your own makes them, with watermarks assigned
     * @param commandsOrNull repairs, resets and erasures of single users, as {@link Commands} reads them; their time does
     *     not count
     * @param rules where the rules are; looked at again and again as long as events come
     * @param audiences where audiences are, {@link AudienceSource#none()} for rules that name none
     * @param options settings of the operator
     */
    public static AlcedoStreams matches(
            DataStream<Ingest> events,
            DataStream<Ingest> commandsOrNull,
            RuleSource rules,
            AudienceSource audiences,
            AlcedoOptions options) {
        options.check();
        SingleOutputStreamOperator<Ingest> readable =
                events.process(new SplitBad()).returns(Ingest.TYPE);
        name(readable, options, "readable");

        SingleOutputStreamOperator<Ingest> commands = commandsOrNull == null
                ? null
                : name(commandsOrNull.transform("commands", Ingest.TYPE, new CommandIntake()), options, "commands");
        // Each is told apart by itself, so that events still run from their source to the shuffle in one chain.
        DataStream<Ingest> records = commands == null ? readable : readable.union(commands);

        SingleOutputStreamOperator<MatchRecord> matches = records.keyBy(Ingest::user, Types.STRING)
                .connect(updates(readable, rules, audiences, options).broadcast())
                .transform(options.name, MatchRecord.TYPE, new AlcedoOperator(rules, audiences, options));
        name(matches, options, "rules").setMaxParallelism(options.maxParallelism);
        return new AlcedoStreams(matches, readable, commands);
    }

    /** The watcher hangs on the events, of which it gets none, so that it ends when they end. */
    private static SingleOutputStreamOperator<RulesUpdate> updates(
            DataStream<Ingest> events, RuleSource rules, AudienceSource audiences, AlcedoOptions options) {
        SingleOutputStreamOperator<Ingest> onlyTheEnd = events.filter(event -> false);
        name(onlyTheEnd, options, "end-of-events");
        SingleOutputStreamOperator<RulesUpdate> updates = onlyTheEnd
                .global()
                .transform("watch", RulesUpdate.TYPE, new RulesWatcher(rules, audiences, options.rulesInterval))
                .setParallelism(1);
        return name(updates, options, "watch").setMaxParallelism(1);
    }

    /** A uid on every operator: without it a changed job could not find its state again. */
    private static <T> SingleOutputStreamOperator<T> name(
            SingleOutputStreamOperator<T> operator, AlcedoOptions options, String part) {
        String id = options.name + "-" + part;
        return operator.name(id).uid(id);
    }
}
