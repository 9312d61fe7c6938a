package io.alcedo.bench;

import com.sun.management.OperatingSystemMXBean;
import io.alcedo.bench.latency.Latency;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@code Host CONTENDER name=value...}: a mini cluster that waits for runs on standard input, so that two contenders
 * can take turns in JVMs that are warm. A run is a line {@code EVENTS UNTIL [MATCHES]}; its answer is a line of JSON.
 *
 * <p>The clock of a run begins when the last task is running and ends when the last one has finished: the start of a
 * job is not what is compared. The processor time is that of the whole JVM, garbage collector and submission included.
 */
public final class Host {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Host() {}

    /** Serves until standard input ends. */
    public static void main(String[] args) throws Exception {
        Contender contender = Contenders.named(args[0]);
        Settings settings = Settings.parse(args, 1);
        try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration(settings))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build())) {
            cluster.start();
            say("{\"ready\":true}");
            BufferedReader runs = new BufferedReader(new InputStreamReader(System.in));
            for (String line = runs.readLine(); line != null; line = runs.readLine()) {
                String[] words = line.split(" ");
                Run run = new Run(words[0], Long.parseLong(words[1]), settings);
                Tally.begin(words.length > 2 ? Path.of(words[2]) : null);
                long cpu = PROCESS.getProcessCpuTime();
                AccessExecutionGraph graph = execute(cluster, contender, run);
                cpu = (PROCESS.getProcessCpuTime() - cpu) / 1_000_000;
                var checkpoints = graph.getCheckpointStatsSnapshot().getCounts();
                say(String.format(
                        Locale.ROOT,
                        "{\"millis\":%d,\"cpu_millis\":%d,\"checkpoints\":%d,%s%s}",
                        millis(graph),
                        cpu,
                        checkpoints.getNumberOfCompletedCheckpoints(),
                        Tally.end(),
                        Latency.end()));
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static AccessExecutionGraph execute(MiniCluster cluster, Contender contender, Run run) throws Exception {
        Configuration config = configuration(run.settings());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, config);
        env.getConfig().enableObjectReuse();
        env.setMaxParallelism(128);
        contender.build(env, run);
        JobGraph job = env.getStreamGraph().getJobGraph();
        cluster.submitJob(job).get();
        cluster.requestJobResult(job.getJobID()).get().toJobExecutionResult(Host.class.getClassLoader());
        return cluster.getArchivedExecutionGraph(job.getJobID()).get();
    }

    /** Loopback only; all else as it is by default unless the settings say otherwise. */
    private static Configuration configuration(Settings settings) {
        Configuration config = new Configuration();
        for (String host : new String[] {"rest.address", "jobmanager.rpc.address", "taskmanager.host"}) {
            config.setString(host, "127.0.0.1");
        }
        for (String bind : new String[] {"rest.bind-address", "jobmanager.bind-host", "taskmanager.bind-host"}) {
            config.setString(bind, "127.0.0.1");
        }
        config.setString("rest.port", "0");
        config.setString("rest.bind-port", "0");
        String scratch = settings.text("scratch");
        config.setString("io.tmp.dirs", scratch);
        config.setString("taskmanager.memory.managed.size", settings.text("managed", "256m"));
        config.setString("state.backend.type", settings.text("backend", "hashmap"));
        config.setString("execution.checkpointing.interval", settings.text("checkpoints", "10s"));
        config.setString("execution.checkpointing.incremental", "true");
        config.setString(
                "execution.checkpointing.dir",
                Path.of(scratch, "checkpoints").toUri().toString());
        return config;
    }

    private static long millis(AccessExecutionGraph graph) {
        long began = 0;
        long ended = 0;
        for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            for (AccessExecutionVertex task : vertex.getTaskVertices()) {
                began = Math.max(began, task.getStateTimestamp(ExecutionState.RUNNING));
                ended = Math.max(ended, task.getStateTimestamp(ExecutionState.FINISHED));
            }
        }
        return ended - began;
    }
}
