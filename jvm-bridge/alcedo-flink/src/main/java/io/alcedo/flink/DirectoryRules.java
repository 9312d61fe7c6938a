package io.alcedo.flink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All {@code *.json} files of a directory as one complete set, each file one rule or a list of rules. A file whose
 * content changes must carry a higher revision; one that goes stops its rules.
 *
 * <p>In a cluster the directory must be the same on every machine (a shared mount): each subtask reads it once, when it
 * first starts.
 */
public final class DirectoryRules implements RuleSource {
    private static final long serialVersionUID = 1;

    /** A rule is some kilobytes; a file beyond this is a mistake and is refused by name, not read. */
    private static final long LARGEST_FILE = 16L << 20;

    /** Files come and go while a directory is listed; after so many tries the reader is told. */
    private static final int TRIES = 5;

    private final String directory;

    /** Rules of this directory. */
    public DirectoryRules(String directory) {
        this.directory = directory;
    }

    @Override
    public RulesUpdate read() throws IOException {
        NoSuchFileException gone = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                return readOnce();
            } catch (NoSuchFileException e) {
                gone = e; // a file left between listing and reading: the listing is old, look again
            }
        }
        throw gone;
    }

    private RulesUpdate readOnce() throws IOException {
        List<String> sources = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        RuleSetSize size = new RuleSetSize(describe(), "give it the directory of the rules");
        for (Path file : list()) {
            sources.add(file.getFileName().toString());
            String text = text(file);
            texts.add(text);
            size.add(text);
        }
        return new RulesUpdate(true, sources, texts);
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            List<Path> rules = files.filter(DirectoryRules::isRule).collect(Collectors.toList());
            // The same files must make the same update, whatever order the file system lists them in.
            Collections.sort(rules);
            return rules;
        }
    }

    /** Hidden files are what editors and copying tools leave while they work. */
    private static boolean isRule(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".json") && !name.startsWith(".") && Files.isRegularFile(file);
    }

    private static String text(Path file) throws IOException {
        try {
            long size = Files.size(file);
            if (size > LARGEST_FILE) {
                return unreadable("it has " + size + " bytes, the limit is " + LARGEST_FILE);
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (NoSuchFileException e) {
            throw e;
        } catch (CharacterCodingException e) {
            return unreadable("it is not UTF-8");
        } catch (IOException e) {
            return unreadable(e.toString());
        }
    }

    /** Not JSON on purpose: the engine refuses it, names the file and keeps the rules that run. */
    private static String unreadable(String why) {
        return "This file cannot be read: " + why;
    }

    @Override
    public String describe() {
        return "the directory " + directory;
    }
}
