package io.alcedo.flink;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** A file system that Flink finds as it finds a plugin's: {@code shelf://}. It notes which files are opened. */
final class Shelf extends LocalFileSystem {
    static final List<String> OPENED = new CopyOnWriteArrayList<>();

    private static final URI ROOT = URI.create("shelf:///");

    /** For Flink, which looks for these by their service. */
    public static final class Factory implements FileSystemFactory {
        @Override
        public String getScheme() {
            return "shelf";
        }

        @Override
        public FileSystem create(URI address) {
            return new Shelf();
        }
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public FSDataInputStream open(Path file) throws IOException {
        FSDataInputStream in = super.open(file);
        OPENED.add(file.getName());
        return in;
    }
}
