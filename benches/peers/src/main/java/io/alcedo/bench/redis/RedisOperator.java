package io.alcedo.bench.redis;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.intake.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Asks Redis about each condition that an event touches. */
final class RedisOperator extends AbstractStreamOperator<Match> implements OneInputStreamOperator<Event, Match> {
    private static final long serialVersionUID = 1;

    /** Adds a time, drops what left the window, and says whether the rule fires; keys go by themselves. */
    private static final String COUNT = "redis.call('ZADD', KEYS[1], ARGV[1], ARGV[1])\n"
            + "redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])\n"
            + "redis.call('PEXPIRE', KEYS[1], ARGV[2])\n"
            + "if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[3]) then return 0 end\n"
            + "local fired = redis.call('GET', KEYS[2])\n"
            + "if fired and ARGV[1] - fired < tonumber(ARGV[4]) then return 0 end\n"
            + "redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4])\n"
            + "return 1";

    private final List<Rule> rules;
    private final int port;
    private final int batch;

    private transient Map<String, List<Rule>> byType;
    private transient Jedis redis;
    private transient String count;
    private transient Pipeline pipeline;
    private transient List<Asked> asked;
    private transient int waiting;

    private record Asked(Rule rule, Event event, Response<Object> answer) {}

    RedisOperator(List<Rule> rules, int port, int batch) {
        this.rules = rules;
        this.port = port;
        this.batch = batch;
    }

    @Override
    public void open() throws Exception {
        super.open();
        byType = new HashMap<>();
        for (Rule rule : rules) {
            if (rule.kind() != Rule.Kind.COUNT) {
                throw new IllegalArgumentException("rule " + rule.id() + " is no count");
            }
            byType.computeIfAbsent(rule.types()[0], ignored -> new ArrayList<>())
                    .add(rule);
        }
        redis = new Jedis("127.0.0.1", port);
        redis.flushAll();
        count = redis.scriptLoad(COUNT);
        pipeline = redis.pipelined();
        asked = new ArrayList<>();
    }

    @Override
    public void processElement(StreamRecord<Event> element) {
        Event event = element.getValue();
        for (Rule rule : byType.getOrDefault(event.type, List.of())) {
            if (rule.hasProperties(event)) {
                ask(rule, event);
            }
        }
        if (batch > 1 && ++waiting >= batch) {
            answers();
        }
    }

    private void ask(Rule rule, Event event) {
        String key = rule.id() + ':' + event.user;
        List<String> keys = List.of(key, key + ":fired");
        List<String> words = List.of(
                Long.toString(event.time),
                Long.toString(rule.window()),
                Integer.toString(rule.atLeast()),
                Long.toString(rule.cooldown()));
        if (batch == 1) {
            fire(rule, event, redis.evalsha(count, keys, words));
        } else {
            asked.add(new Asked(rule, event, pipeline.evalsha(count, keys, words)));
        }
    }

    private void answers() {
        pipeline.sync();
        asked.forEach(one -> fire(one.rule, one.event, one.answer.get()));
        asked.clear();
        waiting = 0;
    }

    private void fire(Rule rule, Event event, Object answer) {
        if (((Long) answer) == 1) {
            output.collect(new StreamRecord<>(new Match(rule.id(), event.user, event.time), event.time));
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        answers();
        super.prepareSnapshotPreBarrier(checkpoint);
    }

    @Override
    public void finish() throws Exception {
        answers();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (redis != null) {
            redis.close();
        }
        super.close();
    }
}
