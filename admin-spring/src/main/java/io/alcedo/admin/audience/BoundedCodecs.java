package io.alcedo.admin.audience;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Unpacks pages of a Parquet file, none larger than it may be and no row group larger than all may be. */
final class BoundedCodecs implements CompressionCodecFactory {
    /** One page, unpacked: writers make pages of about 1 MiB. */
    static final int PAGE = 32 << 20;
    /** All pages of a row group, unpacked. */
    static final long GROUP = 512L << 20;

    private final CodecFactory codecs = new CodecFactory(new PlainParquetConfiguration(), 0);
    private long unpacked;

    /** Another row group begins. */
    void begin() {
        unpacked = 0;
    }

    private void admit(int bytes) {
        if (bytes < 0 || bytes > PAGE) {
            throw new ParquetRows.RefusedException(
                    "a page has " + bytes + " bytes, at most " + PAGE + " are unpacked: write it with smaller pages");
        }
        unpacked += bytes;
        if (unpacked > GROUP) {
            throw new ParquetRows.RefusedException("a row group has more than " + GROUP
                    + " bytes, which is all that is unpacked: write it with smaller row groups");
        }
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        return switch (name) {
            case UNCOMPRESSED, SNAPPY, ZSTD, LZ4_RAW -> new Bounded(codecs.getDecompressor(name)::decompress);
            // Hadoop's own, of which nothing is here.
            case GZIP ->
                new Bounded((bytes, size) -> {
                    try (InputStream in = new GZIPInputStream(bytes.toInputStream())) {
                        return BytesInput.from(in.readNBytes(size));
                    }
                });
            default ->
                throw new ParquetRows.RefusedException(
                        "it is packed by " + name + ": write it with snappy, zstd, gzip, lz4_raw or unpacked");
        };
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public void release() {
        codecs.release();
    }

    private interface Unpacking {
        BytesInput unpack(BytesInput bytes, int size) throws IOException;
    }

    private final class Bounded implements BytesInputDecompressor {
        private final Unpacking inner;

        Bounded(Unpacking inner) {
            this.inner = inner;
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            admit(size);
            return inner.unpack(bytes, size);
        }

        @Override
        public void decompress(ByteBuffer in, int packed, ByteBuffer out, int size) {
            throw new UnsupportedOperationException("only what reads with direct memory asks for it");
        }

        @Override
        public void release() {
            // All codecs go together.
        }
    }
}
