package io.alcedo.job;

import java.io.PrintWriter;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.ParameterException;

/**
 * {@code flink run alcedo-job.jar --events log.jsonl --rules rules/}: reads the command line, builds the pipeline, runs
 * it.
 */
public final class AlcedoJob {
    private AlcedoJob() {}

    /** Runs the job; see {@code --help}. */
    public static void main(String[] args) throws Exception {
        try {
            if (JobOptions.help(new PrintWriter(System.out), args)) {
                return;
            }
            JobOptions options = JobOptions.parse(args);
            StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(onLoopback());
            Pipeline.build(env, options);
            env.execute(options.name);
        } catch (ParameterException e) {
            // Flink's client prints this one's message alone, without a stack trace.
            throw new ProgramParametrizationException(e.getMessage() + "\nAll options: --help");
        }
    }

    /** Where this JVM is the cluster, its REST server would listen on all addresses; elsewhere it changes nothing. */
    private static Configuration onLoopback() {
        Configuration config = new Configuration();
        config.setString("rest.bind-address", "127.0.0.1");
        return config;
    }
}
