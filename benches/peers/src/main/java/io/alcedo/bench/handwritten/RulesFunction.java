package io.alcedo.bench.handwritten;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.intake.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * All rules in one function. An event meets only the steps of its own type; the user's state is read only if one of them
 * takes it, and written only if something changed; all deadlines of a user share one timer, at the earliest of them.
 */
final class RulesFunction extends KeyedProcessFunction<String, Event, Match> {
    private static final long serialVersionUID = 1;

    private final List<Rule> rules;
    private final long until;

    private transient Map<String, Step[]> steps;
    /** By the rule's number; null for the other kinds. */
    private transient AbsenceSteps[] absences;

    private transient ValueState<UserState> users;

    RulesFunction(List<Rule> rules, long until) {
        this.rules = rules;
        this.until = until;
    }

    @Override
    public void open(OpenContext context) {
        users = getRuntimeContext().getState(new ValueStateDescriptor<>("user", UserStateSerializer.INSTANCE));
        absences = new AbsenceSteps[rules.size()];
        Map<String, List<Step>> byType = new HashMap<>();
        for (int number = 0; number < rules.size(); number++) {
            Rule rule = rules.get(number);
            switch (rule.kind()) {
                case COUNT -> add(byType, rule.types()[0], new CountStep(number, rule));
                case SEQUENCE -> {
                    for (int step = 0; step < rule.types().length; step++) {
                        add(byType, rule.types()[step], new SequenceStep(number, rule, step));
                    }
                }
                case ABSENCE -> {
                    AbsenceSteps absence = new AbsenceSteps(number, rule);
                    absences[number] = absence;
                    add(byType, rule.types()[0], absence.opening());
                    add(byType, rule.types()[1], absence.answering());
                }
            }
        }
        steps = new HashMap<>();
        byType.forEach((type, list) -> steps.put(type, list.toArray(new Step[0])));
    }

    private static void add(Map<String, List<Step>> byType, String type, Step step) {
        byType.computeIfAbsent(type, ignored -> new ArrayList<>()).add(step);
    }

    @Override
    public void processElement(Event event, Context context, Collector<Match> out) throws Exception {
        Step[] mine = steps.get(event.type);
        if (mine == null) {
            return;
        }
        UserState user = null;
        boolean changed = false;
        for (Step step : mine) {
            if (step.wants(event)) {
                if (user == null) {
                    user = users.value();
                    if (user == null) {
                        user = new UserState();
                    }
                }
                changed |= step.take(event, user, out);
            }
        }
        if (changed) {
            arm(user, context);
            users.update(user);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Match> out) throws Exception {
        UserState user = users.value();
        if (user == null) {
            return;
        }
        if (user.armed != UserState.NONE && user.armed <= timestamp) {
            user.armed = UserState.NONE;
        }
        user.soonest = Long.MAX_VALUE;
        for (int i = 0; i < user.size; i++) {
            AbsenceSteps absence = absences[user.rules[i]];
            if (absence != null) {
                absence.pass(timestamp, context.getCurrentKey(), user, out);
            }
        }
        arm(user, context);
        users.update(user);
    }

    /** Sets a timer at the user's earliest deadline, unless one is set that fires no later. */
    private void arm(UserState user, Context context) {
        if (user.soonest <= until && (user.armed == UserState.NONE || user.soonest < user.armed)) {
            context.timerService().registerEventTimeTimer(user.soonest);
            user.armed = user.soonest;
        }
        user.soonest = Long.MAX_VALUE;
    }
}
