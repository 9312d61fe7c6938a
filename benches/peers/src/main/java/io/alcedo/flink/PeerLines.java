package io.alcedo.flink;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.MutableRecordAndPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The peers' intake: the very line reader of {@link FileEvents}, in batches of the same size, with a parser of their own
 * in place of the engine's extraction. It lies in this package because that reader is nobody else's business.
 */
public final class PeerLines<T> implements BulkFormat<T, FileSourceSplit> {
    private static final long serialVersionUID = 1;
    private static final int BATCH = 512;

    private final Parser<T> parser;
    private final TypeInformation<T> type;

    /** Makes a record of a line. */
    public interface Parser<T> extends Serializable {
        /** The record; {@code number} is the line's, from 0. */
        T parse(byte[] line, long number) throws IOException;
    }

    /** Says when a record was. */
    public interface Clock<T> extends Serializable {
        /** Unix ms. */
        long time(T record);
    }

    private PeerLines(Parser<T> parser, TypeInformation<T> type) {
        this.parser = parser;
        this.type = type;
    }

    /** The records of a file, with watermarks 2 s behind, as {@link FileEvents} makes them by default. */
    public static <T> DataStream<T> stream(
            StreamExecutionEnvironment env, String file, Parser<T> parser, TypeInformation<T> type, Clock<T> clock) {
        FileSource<T> source = FileSource.forBulkFileFormat(new PeerLines<>(parser, type), new Path(file))
                .build();
        WatermarkStrategy<T> times = WatermarkStrategy.<T>forBoundedOutOfOrderness(Duration.ofSeconds(2))
                .withTimestampAssigner((record, ignored) -> clock.time(record));
        return env.fromSource(source, times, "events");
    }

    @Override
    public Reader<T> createReader(Configuration config, FileSourceSplit split) throws IOException {
        LineStream lines = new LineStream(split.path().getFileSystem().open(split.path()), Extraction.LONGEST_RECORD);
        return new LinesReader<>(lines, parser);
    }

    @Override
    public Reader<T> restoreReader(Configuration config, FileSourceSplit split) {
        throw new UnsupportedOperationException("a run of the benchmark that failed is no run: nothing is restored");
    }

    @Override
    public boolean isSplittable() {
        return false;
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }

    private static final class LinesReader<T> implements Reader<T> {
        private final LineStream lines;
        private final Parser<T> parser;

        LinesReader(LineStream lines, Parser<T> parser) {
            this.lines = lines;
            this.parser = parser;
        }

        @Override
        public RecordIterator<T> readBatch() throws IOException {
            List<T> records = new ArrayList<>(BATCH);
            while (records.size() < BATCH && lines.next()) {
                records.add(parser.parse(lines.bytes(), lines.number()));
            }
            return records.isEmpty() ? null : new Records<>(records, lines.number() + 1 - records.size());
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static final class Records<T> implements RecordIterator<T> {
        private final List<T> records;
        private final long first;
        private final MutableRecordAndPosition<T> current = new MutableRecordAndPosition<>();
        private int next;

        Records(List<T> records, long first) {
            this.records = records;
            this.first = first;
        }

        @Override
        public RecordAndPosition<T> next() {
            if (next == records.size()) {
                return null;
            }
            current.set(records.get(next), first + next + 1, 0);
            next++;
            return current;
        }

        @Override
        public void releaseBatch() {
            // nothing is pooled
        }
    }
}
