package io.alcedo.bench;

import io.alcedo.bench.cep.CepJob;
import io.alcedo.bench.groovy.GroovyJob;
import io.alcedo.bench.handwritten.HandwrittenJob;
import io.alcedo.bench.latency.LatencyJob;
import io.alcedo.bench.measure.Measuring;
import io.alcedo.bench.redis.RedisJob;
import java.util.Map;
import java.util.TreeMap;

/** All contenders by name. */
final class Contenders {
    private static final Map<String, Contender> BY_NAME = new TreeMap<>(Map.<String, Contender>of(
            "alcedo", new AlcedoContender(),
            "pass-through", Measuring::passThrough,
            "extraction", Measuring::extraction,
            "bundles", Measuring::bundles,
            "states", Measuring::states,
            "handwritten", HandwrittenJob::build,
            "flink-cep", CepJob::build,
            "groovy", GroovyJob::build,
            "redis", RedisJob::build,
            "latency", LatencyJob::build));

    private Contenders() {}

    static Contender named(String name) {
        Contender found = BY_NAME.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no contender is named " + name + "; there are " + BY_NAME.keySet());
        }
        return found;
    }
}
