package io.alcedo.flink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.MutableRecordAndPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;

/** Reads one file in batches that are due together; each is extracted by one native call or a few. */
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
        int due = pace.await(LARGEST_BATCH);
        boolean more = true;
        while (records.isEmpty() && more && due > 0) {
            for (int i = 0; i < due && !extraction.isFull() && (more = lines.next()); i++) {
                extraction.line(lines.bytes(), lines.cut(), partition, lines.number());
            }
            extraction.extract(records::add);
        }
        // An empty batch says that nothing is due yet; null is the file's end.
        return records.isEmpty() && !more ? null : new Batch(records);
    }

    @Override
    public void close() throws IOException {
        extraction.close();
        lines.close();
    }

    /**
     * Records with the number of lines read up to each, where a restored reader goes on. Blank lines make no record but
     * have a number.
     */
    private static final class Batch implements BulkFormat.RecordIterator<Ingest> {
        private final List<Ingest> records;
        private final MutableRecordAndPosition<Ingest> current = new MutableRecordAndPosition<>();
        private int next;

        Batch(List<Ingest> records) {
            this.records = records;
        }

        @Override
        public RecordAndPosition<Ingest> next() {
            if (next == records.size()) {
                return null;
            }
            Ingest record = records.get(next++);
            current.set(record, record.position() + 1, 0);
            return current;
        }

        @Override
        public void releaseBatch() {
            // nothing is pooled
        }
    }
}
