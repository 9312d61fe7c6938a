package io.alcedo.bench.cep;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.Run;
import io.alcedo.bench.TallySink;
import io.alcedo.bench.intake.Event;
import io.alcedo.bench.intake.EventParser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * Sequences in FlinkCEP: one pattern and so one operator for each rule, which is how that library takes several rules.
 *
 * <p>{@code filter=yes} puts a filter before each pattern that lets only the types of its steps pass. Relaxed contiguity
 * gives the same matches without the rest, and who knows the library does it.
 */
public final class CepJob {
    private CepJob() {}

    /** Builds it. */
    public static void build(StreamExecutionEnvironment env, Run run) throws Exception {
        boolean filter = run.settings().text("filter", "yes").equals("yes");
        DataStream<Event> events = EventParser.stream(env, run.events());
        KeyedStream<Event, String> all = events.keyBy(event -> event.user, Types.STRING);
        DataStream<Match> matches = null;
        for (Rule rule : Rule.read(run.settings().text("peers"))) {
            DataStream<Match> mine = matches(filter ? filtered(events, rule) : all, rule);
            matches = matches == null ? mine : matches.union(mine);
        }
        matches.sinkTo(TallySink.ofMatches());
    }

    private static KeyedStream<Event, String> filtered(DataStream<Event> events, Rule rule) {
        Set<String> types = Set.of(rule.types());
        return events.filter(event -> types.contains(event.type)).keyBy(event -> event.user, Types.STRING);
    }

    private static DataStream<Match> matches(KeyedStream<Event, String> events, Rule rule) {
        if (rule.kind() != Rule.Kind.SEQUENCE || rule.cooldown() != 0) {
            throw new IllegalArgumentException("rule " + rule.id() + " is no sequence without cool-down");
        }
        return CEP.pattern(events, pattern(rule)).inEventTime().process(new Fire(rule.id()), Match.TYPE);
    }

    private static Pattern<Event, Event> pattern(Rule rule) {
        Pattern<Event, Event> pattern = Pattern.<Event>begin("0", AfterMatchSkipStrategy.skipPastLastEvent())
                .where(new First(rule));
        for (int step = 1; step < rule.types().length; step++) {
            pattern = pattern.followedBy(Integer.toString(step)).where(new OfType(rule.types()[step]));
        }
        // CEP's bound is exclusive, the rule's is not.
        return pattern.within(Duration.ofMillis(rule.window() + 1));
    }

    private static final class First extends SimpleCondition<Event> {
        private static final long serialVersionUID = 1;

        private final Rule rule;

        First(Rule rule) {
            this.rule = rule;
        }

        @Override
        public boolean filter(Event event) {
            return event.type.equals(rule.types()[0]) && rule.hasProperties(event);
        }
    }

    private static final class OfType extends SimpleCondition<Event> {
        private static final long serialVersionUID = 1;

        private final String type;

        OfType(String type) {
            this.type = type;
        }

        @Override
        public boolean filter(Event event) {
            return event.type.equals(type);
        }
    }

    private static final class Fire extends PatternProcessFunction<Event, Match> {
        private static final long serialVersionUID = 1;

        private final String rule;

        Fire(String rule) {
            this.rule = rule;
        }

        @Override
        public void processMatch(Map<String, List<Event>> match, Context context, Collector<Match> out) {
            Event last = match.get(Integer.toString(match.size() - 1)).get(0);
            out.collect(new Match(rule, last.user, last.time));
        }
    }
}
