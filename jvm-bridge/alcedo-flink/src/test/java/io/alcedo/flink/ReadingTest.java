package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.NativeLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files become records with their positions, whatever is in them, and time follows what can be read. */
class ReadingTest {
    private static final String LINES = "{\"user\":\"u1\",\"type\":\"a\",\"time\":1000}\n" //
            + "\n"
            + "broken\n"
            + "{\"user\":7,\"type\":\"a\",\"time\":2000}\n"
            + "{\"type\":\"a\",\"time\":3000}\n"
            + "{\"user\":\"u2\",\"type\":\"a\",\"time\":4000}";

    @TempDir
    Path folder;

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles(), "native objects left open");
    }

    @Test
    void everyLineHasItsPlaceAndWhatCannotBeReadItsReason() throws Exception {
        Path file = Files.writeString(folder.resolve("log.jsonl"), LINES);
        assertEquals(
                List.of("0 u1 1000", "2 not_json", "3 7 2000", "4 no_user", "5 u2 4000"),
                read(file, CheckpointedPosition.NO_OFFSET));
    }

    @Test
    void aRestoredReaderGoesOnAfterItsLastRecord() throws Exception {
        Path file = Files.writeString(folder.resolve("log.jsonl"), LINES);
        assertEquals(List.of("3 7 2000", "4 no_user", "5 u2 4000"), read(file, 3));
    }

    /** More lines than a batch has, more bytes than are extracted at once, and one that is too long among them. */
    @Test
    void whereBatchesAreCutChangesNoRecord() throws Exception {
        StringBuilder log = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int line = 0; line < 1100; line++) {
            boolean tooLong = line == 300;
            int padding = tooLong ? Extraction.LONGEST_RECORD : line % 200 == 7 ? 700_000 : 0;
            log.append("{\"user\":\"u")
                    .append(line)
                    .append("\",\"type\":\"a\",\"time\":")
                    .append(line);
            log.append(" ".repeat(padding)).append("}\n");
            expected.add(tooLong ? line + " too_large" : line + " u" + line + " " + line);
            if (line == 600) {
                log.append("\n".repeat(2000)); // batches of nothing
            }
        }
        for (int line = 601; line < 1100; line++) {
            expected.set(line, (line + 2000) + " u" + line + " " + line);
        }
        Path file = Files.writeString(folder.resolve("log.jsonl"), log);
        assertEquals(expected, read(file, CheckpointedPosition.NO_OFFSET));
        for (int from : new int[] {1, 8, 300, 301, 512, 600, 601}) {
            assertEquals(expected.subList(from, 1100), read(file, from), "from line " + from);
        }
    }

    @Test
    void longLinesDoNotPileUpInABatch() throws Exception {
        String line = "{\"user\":\"u\",\"type\":\"a\",\"time\":1" + " ".repeat(700_000) + "}\n";
        Path file = Files.writeString(folder.resolve("log.jsonl"), line.repeat(5));
        LineFormat format = new LineFormat(List.of(flink(file)), new Extraction(null, null), 0);
        List<Integer> batches = new ArrayList<>();
        try (BulkFormat.Reader<Ingest> reader = format.createReader(new Configuration(), split(file, -1))) {
            for (var batch = reader.readBatch(); batch != null; batch = reader.readBatch()) {
                int size = 0;
                while (batch.next() != null) {
                    size++;
                }
                batches.add(size);
            }
        }
        assertEquals(List.of(2, 2, 1), batches);
    }

    @Test
    void compressedBySuffix() throws Exception {
        Path file = folder.resolve("log.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(LINES.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(5, read(file, CheckpointedPosition.NO_OFFSET).size());
    }

    @Test
    void aFileThatOnlySaysItIsCompressedIsAnErrorThatNamesIt() throws Exception {
        Path file = Files.writeString(folder.resolve("log.jsonl.gz"), LINES);
        IOException failed = assertThrows(IOException.class, () -> read(file, CheckpointedPosition.NO_OFFSET));
        assertTrue(failed.getMessage().contains("log.jsonl.gz"), failed.getMessage());
    }

    @Test
    void aPartitionIsTheFilesPlaceInTheList() throws Exception {
        Path other = Files.writeString(folder.resolve("a.jsonl"), "");
        Path file = Files.writeString(folder.resolve("b.jsonl"), LINES);
        LineFormat format = new LineFormat(List.of(flink(other), flink(file)), new Extraction(null, null), 0);
        try (BulkFormat.Reader<Ingest> reader = format.createReader(new Configuration(), split(file, -1))) {
            assertEquals(1, reader.readBatch().next().getRecord().partition());
        }
    }

    @Test
    void slowedDownButNotStopped() throws Exception {
        Path file = Files.writeString(folder.resolve("log.jsonl"), LINES);
        LineFormat format = new LineFormat(List.of(flink(file)), new Extraction(null, null), 50);
        long begin = System.nanoTime();
        assertEquals(5, records(format, split(file, -1)).size());
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis >= 100, "six lines at 50 a second took " + millis + " ms");
    }

    @Test
    void filesHaveNoBrokerTime() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        ReadOptions ahead = new ReadOptions().maxAhead(Duration.ofHours(1));
        assertThrows(
                IllegalArgumentException.class,
                () -> FileEvents.stream(env, List.of(new org.apache.flink.core.fs.Path("x")), ahead));
    }

    @Test
    void filesAreTakenInTheOrderOfTheirNames() {
        FilesInOrder files = new FilesInOrder(List.of(split(Path.of("/b"), -1), split(Path.of("/c"), -1)));
        files.addSplits(List.of(split(Path.of("/a"), -1)));
        assertEquals("/a", files.getNext(null).orElseThrow().path().getPath());
        assertEquals("/b", files.getNext(null).orElseThrow().path().getPath());
        assertEquals(1, files.remainingSplits().size());
    }

    @Test
    void whatCannotBeReadDoesNotMoveTime() {
        WatermarkGenerator<Ingest> time =
                EventTime.strategy(Duration.ofSeconds(2), null).createWatermarkGenerator(null);
        List<Long> marks = new ArrayList<>();
        WatermarkOutput output = new WatermarkOutput() {
            @Override
            public void emitWatermark(Watermark watermark) {
                marks.add(watermark.getTimestamp());
            }

            @Override
            public void markIdle() {}

            @Override
            public void markActive() {}
        };
        time.onPeriodicEmit(output);
        time.onEvent(Ingest.event("u", 10_000, 0, 0, new byte[0]), 0, output);
        time.onEvent(Ingest.bad("x", 0, 1, new byte[0]), Long.MAX_VALUE, output);
        time.onEvent(Ingest.event("u", 9_000, 0, 2, new byte[0]), 0, output);
        time.onPeriodicEmit(output);
        assertEquals(List.of(7_999L), marks);
    }

    private static org.apache.flink.core.fs.Path flink(Path file) {
        return new org.apache.flink.core.fs.Path(file.toUri());
    }

    private static FileSourceSplit split(Path file, long offset) {
        CheckpointedPosition position = offset < 0 ? null : new CheckpointedPosition(offset, 0);
        return new FileSourceSplit("1", flink(file), 0, 1, 0, 1, new String[0], position);
    }

    private static List<String> read(Path file, long offset) throws IOException {
        return records(new LineFormat(List.of(flink(file)), new Extraction(null, null), 0), split(file, offset));
    }

    private static List<String> records(LineFormat format, FileSourceSplit split) throws IOException {
        List<String> all = new ArrayList<>();
        Configuration config = new Configuration();
        try (BulkFormat.Reader<Ingest> reader = split.getReaderPosition().isPresent()
                ? format.restoreReader(config, split)
                : format.createReader(config, split)) {
            for (var batch = reader.readBatch(); batch != null; batch = reader.readBatch()) {
                for (RecordAndPosition<Ingest> next = batch.next(); next != null; next = batch.next()) {
                    Ingest record = next.getRecord();
                    assertEquals(record.position() + 1, next.getOffset(), "where a restored reader goes on");
                    all.add(record.position() + " "
                            + (record.isEvent() ? record.user() + " " + record.time() : record.reason()));
                }
            }
        }
        return all;
    }
}
