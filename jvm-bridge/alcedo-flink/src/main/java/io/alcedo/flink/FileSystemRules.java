package io.alcedo.flink;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * All {@code *.json} files of a directory in any file system that the cluster's Flink knows ({@code s3://},
 * {@code oss://}, {@code hdfs://}, {@code file://}, by the plugins that are installed there), as one complete set. A
 * file is read again when its length or time has changed: a look costs one listing.
 */
public final class FileSystemRules implements RuleSource {
    private static final long serialVersionUID = 1;

    private static final int LARGEST_FILE = 16 << 20;

    /** Files come and go while a directory is listed; after so many tries the reader is told. */
    private static final int TRIES = 5;

    private final String directory;

    private transient Map<String, Read> known;

    /** A file as it was read last. */
    private static final class Read {
        final String version;
        final String text;

        Read(String version, String text) {
            this.version = version;
            this.text = text;
        }
    }

    /** Rules of this directory, a URI with its scheme. */
    public FileSystemRules(String directory) {
        if (URI.create(directory).getScheme() == null) {
            throw new IllegalArgumentException("the rules' place is " + directory + ": it must name its scheme");
        }
        this.directory = directory;
    }

    @Override
    public RulesUpdate read() throws IOException {
        for (int i = 1; ; i++) {
            try {
                known = readOnce(known == null ? Map.of() : known);
                break;
            } catch (FileNotFoundException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
        }
        List<String> texts = new ArrayList<>();
        known.values().forEach(file -> texts.add(file.text));
        return new RulesUpdate(true, new ArrayList<>(known.keySet()), texts);
    }

    /** By name: the same files must make the same update, whatever order they are listed in. */
    private Map<String, Read> readOnce(Map<String, Read> before) throws IOException {
        Path folder = new Path(directory);
        FileStatus[] files = folder.getFileSystem().listStatus(folder);
        if (files == null) {
            throw new FileNotFoundException(directory + " does not exist");
        }
        RuleSetSize size = new RuleSetSize(describe(), "give it the directory of the rules");
        Map<String, Read> now = new TreeMap<>();
        for (FileStatus file : files) {
            String name = file.getPath().getName();
            if (file.isDir() || name.startsWith(".") || !name.endsWith(".json")) {
                continue;
            }
            String version = file.getLen() + "-" + file.getModificationTime();
            Read last = before.get(name);
            boolean same = last != null && last.version.equals(version);
            Read read = same ? last : new Read(version, text(file));
            size.add(read.text);
            now.put(name, read);
        }
        return now;
    }

    private static String text(FileStatus file) throws IOException {
        if (file.getLen() > LARGEST_FILE) {
            return unreadable("it has " + file.getLen() + " bytes, the limit is " + LARGEST_FILE);
        }
        try (InputStream in = file.getPath().getFileSystem().open(file.getPath())) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readNBytes(LARGEST_FILE));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return unreadable("it is not UTF-8");
        }
    }

    /** Not JSON on purpose: the engine refuses it, names the file and keeps the rules that run. */
    private static String unreadable(String why) {
        return "This file cannot be read: " + why;
    }

    @Override
    public String describe() {
        return "the place " + directory;
    }
}
