package io.alcedo.demo;

import io.alcedo.flink.AlcedoStreams;
import io.alcedo.flink.MatchRecord;
import io.alcedo.job.JobOptions;
import io.alcedo.job.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * {@code Demo SUMMARY MOST JOB-OPTIONS...}: runs the job with these options in a mini cluster, shows at most MOST matches
 * a second, and writes what was counted to the file SUMMARY as {@code name number} lines.
 */
public final class Demo {
    private static final int SLOTS = 2;

    private Demo() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Path summary = Path.of(args[0]);
        int most = Integer.parseInt(args[1]);
        JobGraph job = job(most, Arrays.copyOfRange(args, 2, args.length));
        try (MiniCluster cluster = new MiniCluster(cluster())) {
            cluster.start();
            long began = System.nanoTime();
            cluster.submitJob(job).get();
            cluster.requestJobResult(job.getJobID()).get().toJobExecutionResult(Demo.class.getClassLoader());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            Screen.sayHidden();
            AccessExecutionGraph graph =
                    cluster.getArchivedExecutionGraph(job.getJobID()).get();
            Files.writeString(summary, summary(graph, millis));
        }
    }

    private static JobGraph job(int most, String... options) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(SLOTS, onLoopback());
        AlcedoStreams streams = Pipeline.build(env, JobOptions.parse(options));
        streams.matches()
                .map(match -> Screen.match(match, most))
                .returns(MatchRecord.TYPE)
                .name("screen")
                .sinkTo(new DiscardingSink<>());
        streams.ruleStatus()
                .map(Screen::status)
                .returns(Types.STRING)
                .name("screen-of-rules")
                .sinkTo(new DiscardingSink<>());
        return env.getStreamGraph().getJobGraph();
    }

    private static MiniClusterConfiguration cluster() {
        return new MiniClusterConfiguration.Builder()
                .setConfiguration(onLoopback())
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build();
    }

    /** Nothing of it can be reached from another machine, and it takes no port that somebody may want. */
    private static Configuration onLoopback() {
        Configuration config = new Configuration();
        for (String host : new String[] {"rest.address", "jobmanager.rpc.address", "taskmanager.host"}) {
            config.setString(host, "127.0.0.1");
        }
        for (String bind : new String[] {"rest.bind-address", "jobmanager.bind-host", "taskmanager.bind-host"}) {
            config.setString(bind, "127.0.0.1");
        }
        config.setString("rest.port", "0");
        config.setString("rest.bind-port", "0");
        return config;
    }

    private static String summary(AccessExecutionGraph graph, long millis) {
        CheckpointStatsCounts checkpoints = graph.getCheckpointStatsSnapshot().getCounts();
        return "events " + recordsOut(graph, "source") + "\nmillis " + millis + "\ncheckpoints "
                + checkpoints.getNumberOfCompletedCheckpoints() + "\n";
    }

    /** What the vertices whose name begins with this word have sent on. */
    private static long recordsOut(AccessExecutionGraph graph, String name) {
        long records = 0;
        for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            if (vertex.getName().toLowerCase(java.util.Locale.ROOT).startsWith(name)) {
                for (AccessExecutionVertex subtask : vertex.getTaskVertices()) {
                    records +=
                            subtask.getCurrentExecutionAttempt().getIOMetrics().getNumRecordsOut();
                }
            }
        }
        return records;
    }
}
