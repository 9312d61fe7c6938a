package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Audiences as files {@code <id>.audience} of a directory, as {@code alcedo audience} writes them. Replace a file by
 * renaming a new one over it: one that is half written counts as not there yet.
 */
public final class DirectoryAudiences implements AudienceSource {
    private static final long serialVersionUID = 1;

    private static final String SUFFIX = ".audience";

    /** What may name a file: an id must not lead out of the directory. */
    static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

    private final String directory;

    /** Audiences of this directory. */
    public DirectoryAudiences(String directory) {
        this.directory = directory;
    }

    @Override
    public InputStream load(String id) throws IOException {
        if (!SAFE.matcher(id).matches()) {
            return null;
        }
        try {
            return Files.newInputStream(file(id));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public String version(String id) throws IOException {
        return SAFE.matcher(id).matches() ? version(file(id)) : "";
    }

    @Override
    public String version() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            List<Path> audiences =
                    files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().collect(Collectors.toList());
            StringBuilder all = new StringBuilder();
            for (Path file : audiences) {
                all.append(file.getFileName()).append(' ').append(version(file)).append('\n');
            }
            return all.toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Size, time and file number: members may be hundreds of megabytes, too many to read at every look. */
    private static String version(Path file) throws IOException {
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return facts.size() + "-" + facts.lastModifiedTime() + "-" + facts.fileKey();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private Path file(String id) {
        return Path.of(directory, id + SUFFIX);
    }

    @Override
    public String place() {
        return "directory " + Path.of(directory).toAbsolutePath();
    }

    @Override
    public String describe() {
        return "files <id>" + SUFFIX + " of the directory " + directory;
    }
}
