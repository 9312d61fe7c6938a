package io.alcedo.bench;

import io.alcedo.flink.MatchRecord;
import io.alcedo.job.JobOptions;
import io.alcedo.job.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job as users run it, by its own command line; only its sink is the others'. */
final class AlcedoContender implements Contender {
    @Override
    public void build(StreamExecutionEnvironment env, Run run) throws Exception {
        Settings settings = run.settings();
        List<String> words = new ArrayList<>(List.of("--events", run.events()));
        words.addAll(List.of("--rules", settings.text("rules")));
        words.addAll(List.of("--order", settings.text("order", "arrival")));
        words.addAll(List.of("--until", Long.toString(run.until())));
        words.addAll(List.of("--checkpoint-interval", settings.text("checkpoints", "10s")));
        words.addAll(List.of("--parallelism", "1"));
        String options = settings.text("options", "");
        if (!options.isEmpty()) {
            words.addAll(List.of(options.split(",")));
        }
        Pipeline.streams(env, JobOptions.parse(words.toArray(new String[0])))
                .matches()
                .sinkTo(new TallySink<MatchRecord>(match -> Tally.add(match.rule(), match.user(), match.time())));
    }
}
