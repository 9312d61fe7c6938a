package io.alcedo.flink;

import java.util.List;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Events out of files, one JSON object per line. Readers take files in the order of their paths; of one reader's files
 * each should begin where the last one ended, because time never goes back.
 */
public final class FileEvents {
    private FileEvents() {}

    /**
     * A bounded stream of these files.
     *
     * @param files single files, not directories, on any file system Flink knows
     */
    public static DataStream<Ingest> stream(StreamExecutionEnvironment env, List<Path> files, ReadOptions options) {
        if (options.maxAhead != null) {
            throw new IllegalArgumentException("Files have no broker times, so max-ahead has nothing to compare an"
                    + " event's time with: leave it out, or read from Kafka.");
        }
        LineFormat format = new LineFormat(files, options.extraction(), options.linesPerSecond);
        FileSource<Ingest> source = FileSource.forBulkFileFormat(format, files.toArray(new Path[0]))
                .setSplitAssigner(FilesInOrder::new)
                .build();
        return env.fromSource(source, EventTime.strategy(options.outOfOrderness, options.idleness), options.name)
                .uid(options.name);
    }
}
