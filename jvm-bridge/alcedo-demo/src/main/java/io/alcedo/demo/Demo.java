package io.alcedo.demo;

import io.alcedo.flink.AlcedoStreams;
import io.alcedo.flink.MatchRecord;
import io.alcedo.job.JobOptions;
import io.alcedo.job.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * {@code Demo SUMMARY MOST TEXTS JOB-OPTIONS...}: runs the job with these options in a mini cluster, shows at most MOST
 * matches a second, and writes what was counted to the file SUMMARY as {@code name number} lines. Rules are called what the
 * files of the directory TEXTS call them. The system property {@code demo.restore} names a checkpoint from which the job
 * goes on.
 */
public final class Demo {
    private static final int SLOTS = 2;

    private Demo() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Path summary = Path.of(args[0]);
        int most = Integer.parseInt(args[1]);
        Screen.speakOf(Path.of(args[2]));
        String[] options = Arrays.copyOfRange(args, 3, args.length);
        JobGraph job = job(most, options);
        try (MiniCluster cluster = new MiniCluster(cluster())) {
            cluster.start();
            cluster.submitJob(job).get();
            cluster.requestJobResult(job.getJobID()).get().toJobExecutionResult(Demo.class.getClassLoader());
            Screen.sayHidden();
            AccessExecutionGraph graph =
                    cluster.getArchivedExecutionGraph(job.getJobID()).get();
            Files.writeString(summary, summary(graph));
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
        JobGraph job = env.getStreamGraph().getJobGraph();
        String checkpoint = System.getProperty("demo.restore");
        if (checkpoint != null) {
            job.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(checkpoint));
        }
        return job;
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

    private static String summary(AccessExecutionGraph graph) {
        CheckpointStatsCounts checkpoints = graph.getCheckpointStatsSnapshot().getCounts();
        long events = 0;
        long began = Long.MAX_VALUE;
        long ended = 0;
        for (AccessExecutionVertex source : sources(graph)) {
            events += source.getCurrentExecutionAttempt().getIOMetrics().getNumRecordsOut();
            began = Math.min(began, source.getStateTimestamp(ExecutionState.RUNNING));
            ended = Math.max(ended, source.getStateTimestamp(ExecutionState.FINISHED));
        }
        return "events " + events + "\nmillis " + (ended - began) + "\ncheckpoints "
                + checkpoints.getNumberOfCompletedCheckpoints() + "\n";
    }

    /** The subtasks that read the log. */
    private static AccessExecutionVertex[] sources(AccessExecutionGraph graph) {
        for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            if (vertex.getName().toLowerCase(Locale.ROOT).startsWith("source")) {
                return vertex.getTaskVertices();
            }
        }
        throw new IllegalStateException("the job has no source");
    }
}
