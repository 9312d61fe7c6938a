package io.alcedo.flink;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Audiences in any file system that the cluster's Flink knows: {@code s3://}, {@code oss://}, {@code hdfs://},
 * {@code file://}, by the plugins that are installed there.
 *
 * <p>Where there is a file {@code audiences.list}, it lists them, a line {@code id sha256:<64 hex digits>} each, and the
 * members of one lie in {@code <hex digits>.audience} and are verified. Nothing is ever overwritten that way: write the
 * members first, then the list. Where there is none, the members lie in {@code <id>.audience}; one that has another
 * length or time is another version.
 */
public final class FileSystemAudiences implements AudienceSource {
    private static final long serialVersionUID = 1;

    private static final String LIST = "audiences.list";
    private static final String SUFFIX = ".audience";
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

    private final String directory;

    /** Audiences of this directory, a URI with its scheme. */
    public FileSystemAudiences(String directory) {
        if (URI.create(directory).getScheme() == null) {
            throw new IllegalArgumentException("the audiences' place is " + directory + ": it must name its scheme");
        }
        this.directory = directory;
    }

    @Override
    public InputStream load(String id) throws IOException {
        AudienceList list = list();
        String version = list == null ? id : list.version(id);
        if (version.isEmpty() || !DirectoryAudiences.SAFE.matcher(id).matches()) {
            return null;
        }
        Path file = new Path(directory, (list == null ? id : hash(id, version)) + SUFFIX);
        try {
            InputStream members = file.getFileSystem().open(file);
            return list == null ? members : AudienceList.verified(members, file.toString(), version);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    @Override
    public String version(String id) throws IOException {
        AudienceList list = list();
        if (list != null || !DirectoryAudiences.SAFE.matcher(id).matches()) {
            return list == null ? "" : list.version(id);
        }
        Path file = new Path(directory, id + SUFFIX);
        try {
            return version(file.getFileSystem().getFileStatus(file));
        } catch (FileNotFoundException e) {
            return "";
        }
    }

    @Override
    public String version() throws IOException {
        AudienceList list = list();
        if (list != null) {
            return list.text();
        }
        TreeMap<String, String> all = new TreeMap<>();
        for (FileStatus file : files()) {
            String name = file.getPath().getName();
            if (name.endsWith(SUFFIX)) {
                all.put(name, version(file));
            }
        }
        return all.toString();
    }

    private FileStatus[] files() throws IOException {
        Path folder = new Path(directory);
        try {
            FileStatus[] files = folder.getFileSystem().listStatus(folder);
            return files == null ? new FileStatus[0] : files;
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    private static String version(FileStatus file) {
        return file.getLen() + "-" + file.getModificationTime();
    }

    private AudienceList list() throws IOException {
        Path file = new Path(directory, LIST);
        FileSystem system = file.getFileSystem();
        try (InputStream in = system.open(file)) {
            return AudienceList.read(in, file.toString());
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /** Names a file, so it must be what it says it is. */
    private String hash(String id, String version) throws IOException {
        String hash = AudienceList.hash(version);
        if (hash == null || !HASH.matcher(hash).matches()) {
            throw new IOException(directory + "/" + LIST + " gives " + id + " the version " + version
                    + ": it must be sha256: and 64 hex digits");
        }
        return hash;
    }

    @Override
    public String place() {
        return "file system " + directory;
    }

    @Override
    public String describe() {
        return "the place " + directory;
    }
}
