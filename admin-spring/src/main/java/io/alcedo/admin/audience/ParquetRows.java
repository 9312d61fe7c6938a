package io.alcedo.admin.audience;

import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rows of a Parquet file as JSON objects, one after the other. What a file says of its own sizes is held against
 * bounds before memory is asked for; whatever else is wrong with it is told by the row where reading stopped.
 */
final class ParquetRows implements Closeable {
    /** Users of one file; some bytes can stand for any number of rows. */
    static final long ROWS = 20_000_000;
    /** One row group in memory, compressed. */
    static final long GROUP_BYTES = 128L << 20;

    static final int COLUMNS = 500;

    private final ParquetFileReader file;
    private final MessageColumnIO columns;
    private final BoundedCodecs codecs;
    private final RowBuilder builder;
    private RecordReader<ObjectNode> group;
    private long left;
    private long number;

    /**
     * Opens a file and looks at its columns.
     *
     * @param longest characters of a row's texts and numbers together
     */
    ParquetRows(Path path, int longest) throws IOException {
        codecs = new BoundedCodecs();
        file = guarded(() -> ParquetFileReader.open(
                new LocalInputFile(path),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(codecs)
                        .build()));
        try {
            MessageType schema = file.getFileMetaData().getSchema();
            checkSizes(schema);
            builder = guarded(() -> new RowBuilder(schema, longest));
            columns = guarded(() -> new ColumnIOFactory().getColumnIO(schema));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void checkSizes(MessageType schema) {
        if (schema.getFieldCount() > COLUMNS) {
            throw refused("it has " + schema.getFieldCount() + " columns, at most " + COLUMNS + " are read");
        }
        if (file.getRecordCount() > ROWS) {
            throw refused("it has " + file.getRecordCount() + " rows, at most " + ROWS + " are read: split it");
        }
        for (BlockMetaData block : file.getRowGroups()) {
            if (block.getCompressedSize() > GROUP_BYTES) {
                throw refused("a row group has " + block.getCompressedSize() + " bytes, at most " + GROUP_BYTES
                        + " are read: write it with smaller row groups");
            }
        }
    }

    /** The next row without the columns that are null there; null: there is none. */
    ObjectNode next() throws IOException {
        return guarded(() -> {
            while (left == 0) {
                PageReadStore pages = file.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                codecs.begin();
                left = pages.getRowCount();
                group = columns.getRecordReader(pages, builder);
            }
            left--;
            number++;
            return group.read();
        });
    }

    /** Which row that was, from 1. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        file.close();
        codecs.release();
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** Parquet's library throws whatever the bytes lead it to. */
    private <T> T guarded(Reading<T> reading) {
        try {
            return reading.read();
        } catch (RuntimeException | IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof ProblemException told) {
                    throw told;
                }
                if (cause instanceof RefusedException why) {
                    throw refused(why.getMessage());
                }
            }
            throw refused("it is no Parquet file that can be read: " + e.getMessage());
        } catch (OutOfMemoryError e) {
            throw refused("a page of it asks for more memory than there is");
        }
    }

    private ProblemException refused(String why) {
        String place = number == 0 ? "The file" : "Row " + number;
        return new ProblemException(
                ProblemCode.DATA_REFUSED,
                place + ": " + why + ". Nothing of the file was taken.",
                List.of(new FieldProblem(number == 0 ? "" : "row " + number, why)));
    }

    /** Nodes that rows are made of. */
    static JsonNodeFactory nodes() {
        return JsonNodeFactory.instance;
    }

    /** Why a file is not read on. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedException(String why) {
            super(why);
        }
    }
}
