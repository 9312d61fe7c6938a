package io.alcedo.bench.latency;

import io.alcedo.bench.Run;
import io.alcedo.bench.Settings;
import io.alcedo.bench.Tally;
import io.alcedo.bench.TallySink;
import io.alcedo.flink.Alcedo;
import io.alcedo.flink.AlcedoOptions;
import io.alcedo.flink.AudienceSource;
import io.alcedo.flink.DirectoryRules;
import io.alcedo.flink.FileEvents;
import io.alcedo.flink.Ingest;
import io.alcedo.flink.MatchRecord;
import io.alcedo.flink.ReadOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job at a steady load, {@code speed} records a second, with matches timed at the sink. */
public final class LatencyJob {
    private static final byte[] CAUSE = "\"cause\":{\"event\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] POSITION = "\"position\":".getBytes(StandardCharsets.UTF_8);

    private LatencyJob() {}

    /** Builds it. */
    public static void build(StreamExecutionEnvironment env, Run run) {
        Settings settings = run.settings();
        long speed = settings.number("speed", 0);
        Latency.begin(speed);
        env.setBufferTimeout(settings.number("buffer", 100));
        DataStream<Ingest> events =
                FileEvents.stream(env, List.of(new Path(run.events())), new ReadOptions().linesPerSecond(speed));
        DataStream<Ingest> timed = events.map(event -> {
                    Latency.given(event.position());
                    return event;
                })
                .returns(Ingest.TYPE);
        AlcedoOptions options = new AlcedoOptions()
                .order(AlcedoOptions.Order.ARRIVAL)
                .until(run.until())
                .bundleTime(Duration.ofMillis(settings.number("bundle", 50)));
        Alcedo.matches(timed, new DirectoryRules(settings.text("rules")), AudienceSource.none(), options)
                .matches()
                .sinkTo(new TallySink<>(LatencyJob::arrived));
    }

    private static void arrived(MatchRecord match) {
        Tally.add(match.rule(), match.user(), match.time());
        byte[] json = match.json();
        int cause = after(json, CAUSE, 0);
        // A deadline's match is caused by time, which only watermarks tell.
        if (cause >= 0) {
            Latency.matched(number(json, after(json, POSITION, cause)));
        }
    }

    private static long number(byte[] json, int at) {
        long number = 0;
        for (; json[at] >= '0' && json[at] <= '9'; at++) {
            number = number * 10 + json[at] - '0';
        }
        return number;
    }

    private static int after(byte[] json, byte[] word, int from) {
        for (int at = from; at + word.length <= json.length; at++) {
            int same = 0;
            while (same < word.length && json[at + same] == word[same]) {
                same++;
            }
            if (same == word.length) {
                return at + same;
            }
        }
        return -1;
    }
}
