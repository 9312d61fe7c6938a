package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.api.common.io.compression.InflaterInputStreamFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.compression.StandardDeCompressors;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.core.fs.Path;

/**
 * Files of one record per line, for Flink's file source; compressed ones by their suffix ({@code .gz} and what else
 * Flink knows). A file is one split, because a position is the number of a line: partition = the file's place in the
 * list, position = the line from 0, all lines counted.
 *
 * <p>A {@code BulkFormat} and not the simpler stream format: it knows the file's path, and it hands on a batch when it
 * is due and not when a megabyte has been read, so that a slowed replay moves evenly.
 */
public final class LineFormat implements BulkFormat<Ingest, FileSourceSplit> {
    private static final long serialVersionUID = 1;

    private final List<String> files;
    private final Extraction extraction;
    private final double linesPerSecond;

    /**
     * A format for these files.
     *
     * @param files all files that are read, as Flink paths; a file's place in the list is its partition
     * @param extraction finds user and time in a line
     * @param linesPerSecond how fast each file is read; 0 = as fast as it can be
     */
    public LineFormat(List<Path> files, Extraction extraction, double linesPerSecond) {
        if (linesPerSecond < 0) {
            throw new IllegalArgumentException("lines per second: " + linesPerSecond + " is below 0; 0 = no limit");
        }
        this.files = files.stream().map(Path::getPath).collect(Collectors.toUnmodifiableList());
        this.extraction = extraction;
        this.linesPerSecond = linesPerSecond;
    }

    /** A format for files of commands, whatever their names: those decide their partitions. */
    static LineFormat ofCommands() {
        return new LineFormat(List.of(), Extraction.commands(), 0);
    }

    @Override
    public Reader<Ingest> createReader(Configuration config, FileSourceSplit split) throws IOException {
        return reader(split, 0);
    }

    @Override
    public Reader<Ingest> restoreReader(Configuration config, FileSourceSplit split) throws IOException {
        // What LineReader names an offset is the number of lines that were read.
        return reader(split, split.getReaderPosition().map(p -> p.getOffset()).orElse(0L));
    }

    private Reader<Ingest> reader(FileSourceSplit split, long line) throws IOException {
        String path = split.path().getPath();
        int partition =
                files.isEmpty() ? Partitions.ofCommands(split.path().getName()) : Math.max(0, files.indexOf(path));
        LineStream lines = new LineStream(open(split.path()), Extraction.LONGEST_RECORD);
        try {
            lines.skip(line);
            return new LineReader(lines, partition, extraction.open(), new Pace(linesPerSecond));
        } catch (IOException | RuntimeException e) {
            lines.close();
            throw new IOException("cannot read " + split.path() + " from line " + line + ": " + e.getMessage(), e);
        }
    }

    private static InputStream open(Path path) throws IOException {
        InputStream bytes = path.getFileSystem().open(path);
        InflaterInputStreamFactory<?> inflater = StandardDeCompressors.getDecompressorForFileName(path.getPath());
        if (inflater == null) {
            return bytes;
        }
        try {
            return inflater.create(bytes);
        } catch (IOException e) {
            bytes.close();
            throw new IOException("cannot decompress " + path + " (its suffix says it is compressed): " + e, e);
        }
    }

    @Override
    public boolean isSplittable() {
        return false;
    }

    @Override
    public TypeInformation<Ingest> getProducedType() {
        return Ingest.TYPE;
    }
}
