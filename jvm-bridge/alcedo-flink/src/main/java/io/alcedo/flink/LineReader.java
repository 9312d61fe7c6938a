package io.alcedo.flink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.MutableRecordAndPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;

/** Reads one file in batches that are due together. */
final class LineReader implements BulkFormat.Reader<Ingest> {
    /** Enough to make the hand-over between Flink's threads cheap, little enough to stay in the processor's cache. */
    private static final int LARGEST_BATCH = 512;

    private final LineStream lines;
    private final int partition;
    private final ExtractionRun extraction;
    private final Pace pace;

    LineReader(LineStream lines, int partition, ExtractionRun extraction, Pace pace) {
        this.lines = lines;
        this.partition = partition;
        this.extraction = extraction;
        this.pace = pace;
    }

    @Override
    public BulkFormat.RecordIterator<Ingest> readBatch() throws IOException {
        List<Ingest> records = new ArrayList<>();
        // Blank lines make no record but have a number, so each record brings the number of lines up to it.
        List<Long> after = new ArrayList<>();
        int due = pace.await(LARGEST_BATCH);
        boolean more = true;
        while (records.isEmpty() && more && due > 0) {
            for (int i = 0; i < due && (more = lines.next()); i++) {
                Ingest record = extraction.line(lines.bytes(), lines.cut(), partition, lines.number());
                if (record != null) {
                    records.add(record);
                    after.add(lines.number() + 1);
                }
            }
        }
        // An empty batch says that nothing is due yet; null is the file's end.
        return records.isEmpty() && !more ? null : new Batch(records, after);
    }

    @Override
    public void close() throws IOException {
        extraction.close();
        lines.close();
    }

    /** Records with the number of lines read when each was made: where a restored reader goes on. */
    private static final class Batch implements BulkFormat.RecordIterator<Ingest> {
        private final List<Ingest> records;
        private final List<Long> after;
        private final MutableRecordAndPosition<Ingest> current = new MutableRecordAndPosition<>();
        private int next;

        Batch(List<Ingest> records, List<Long> after) {
            this.records = records;
            this.after = after;
        }

        @Override
        public RecordAndPosition<Ingest> next() {
            if (next == records.size()) {
                return null;
            }
            current.set(records.get(next), after.get(next), 0);
            next++;
            return current;
        }

        @Override
        public void releaseBatch() {
            // nothing is pooled
        }
    }
}
