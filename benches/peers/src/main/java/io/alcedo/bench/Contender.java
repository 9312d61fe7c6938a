package io.alcedo.bench;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** One way to judge a log by rules: it builds a job that reads the file and gives its matches to a {@link TallySink}. */
public interface Contender {
    /** Adds the job; the environment has parallelism, state backend and checkpoints set. */
    void build(StreamExecutionEnvironment env, Run run) throws Exception;
}
