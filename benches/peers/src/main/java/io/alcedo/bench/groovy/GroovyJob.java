package io.alcedo.bench.groovy;

import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import groovy.lang.Script;
import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.Run;
import io.alcedo.bench.TallySink;
import io.alcedo.bench.intake.Event;
import io.alcedo.bench.intake.EventParser;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Rules as Groovy scripts over a {@code MapState}, each compiled once and kept, as Groovy's own guide to embedding has
 * it. A script is opaque: which events it looks at is known only by running it, so each runs for each event.
 */
public final class GroovyJob {
    private GroovyJob() {}

    /** Builds it. */
    public static void build(StreamExecutionEnvironment env, Run run) throws Exception {
        EventParser.stream(env, run.events())
                .keyBy(event -> event.user, Types.STRING)
                .process(new Scripts(Rule.read(run.settings().text("peers")), run.until()))
                .returns(Match.TYPE)
                .sinkTo(TallySink.ofMatches());
    }

    private static final class Scripts extends KeyedProcessFunction<String, Event, Match> {
        private static final long serialVersionUID = 1;

        private final List<Rule> rules;
        private final long until;

        private transient Binding binding;
        private transient Script[] scripts;
        private transient RuleState state;

        Scripts(List<Rule> rules, long until) {
            this.rules = rules;
            this.until = until;
        }

        @Override
        public void open(OpenContext context) {
            MapState<String, List<Long>> entries = getRuntimeContext()
                    .getMapState(new MapStateDescriptor<>("rules", Types.STRING, Types.LIST(Types.LONG)));
            state = new RuleState(entries);
            binding = new Binding();
            binding.setVariable("state", state);
            GroovyShell shell = new GroovyShell(getRuntimeContext().getUserCodeClassLoader(), binding);
            scripts = rules.stream().map(RuleScripts::of).map(shell::parse).toArray(Script[]::new);
        }

        @Override
        public void processElement(Event event, Context context, Collector<Match> out) {
            binding.setVariable("event", event);
            state.turn(event.user, context.timerService(), until, out);
            for (int i = 0; i < scripts.length; i++) {
                state.of(rules.get(i).id());
                scripts[i].run();
            }
        }

        @Override
        public void onTimer(long time, OnTimerContext context, Collector<Match> out) throws Exception {
            state.turn(context.getCurrentKey(), context.timerService(), until, out);
            for (Rule rule : rules) {
                if (rule.kind() == Rule.Kind.ABSENCE) {
                    state.of(rule.id());
                    state.pass(time, rule.cooldown());
                }
            }
        }
    }
}
