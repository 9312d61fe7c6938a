package io.alcedo.admin.audience;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Uploaded files on their way into the embedded tag store: all of a file, or nothing of it. */
@Service
public class TagUpload {
    private static final int USER_BYTES = 128;
    private static final int LINE = 64 << 10;
    private static final int ROWS = 500;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,15})(\\.[0-9]{1,15})?");

    private final TagMapper tags;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;

    TagUpload(TagMapper tags, Audit audit, JsonMapper json, Clock clock) {
        this.tags = tags;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
    }

    /**
     * A CSV file whose first line names the columns: {@code user} and tags. A cell that is a number, true, false or a
     * JSON list is one, an empty one is no tag, all else is text.
     *
     * @param replace users that the file lacks lose their tags
     */
    @Transactional
    public Uploaded csv(BufferedReader in, boolean replace, Actor actor) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreEmptyLines(true)
                .get();
        try (CSVParser parser =
                CSVParser.builder().setReader(in).setFormat(format).get()) {
            List<String> columns = parser.getHeaderNames();
            if (!columns.contains("user")) {
                throw refused(1, "no column is named \"user\"; the first line names the columns");
            }
            Batch batch = new Batch(actor);
            for (CSVRecord record : parser) {
                long line = parser.getCurrentLineNumber();
                batch.add(fromCells(columns, record, line), "Line", line);
            }
            return batch.end(replace);
        } catch (IllegalArgumentException | IllegalStateException | java.io.UncheckedIOException e) {
            if (e.getCause() instanceof IOException io && !(io instanceof org.apache.commons.csv.CSVException)) {
                throw io;
            }
            throw refused(1, "it is no CSV of RFC 4180: " + e.getMessage());
        }
    }

    /** A JSON object a line, with {@code user} and tags. */
    @Transactional
    public Uploaded lines(BufferedReader in, boolean replace, Actor actor) throws IOException {
        Batch batch = new Batch(actor);
        BoundedLines lines = new BoundedLines(in, LINE);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                batch.add(parse(line, lines.number()), "Line", lines.number());
            }
        }
        return batch.end(replace);
    }

    /** A Parquet file with a column {@code user}; the others are tags, a null is none. */
    @Transactional
    public Uploaded parquet(Path file, boolean replace, Actor actor) throws IOException {
        Batch batch = new Batch(actor);
        try (ParquetRows rows = new ParquetRows(file, LINE)) {
            for (ObjectNode row = rows.next(); row != null; row = rows.next()) {
                batch.add(row, "Row", rows.number());
            }
        }
        return batch.end(replace);
    }

    private ObjectNode parse(String line, long number) {
        try {
            if (json.readTree(line) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw refused(number, "it is no JSON: " + e.getOriginalMessage());
        }
        throw refused(number, "it is no JSON object");
    }

    private ObjectNode fromCells(List<String> columns, CSVRecord record, long line) {
        if (record.size() != columns.size()) {
            throw refused(line, "it has " + record.size() + " cells, the first line names " + columns.size());
        }
        ObjectNode object = json.createObjectNode();
        for (int i = 0; i < columns.size(); i++) {
            String cell = record.get(i);
            if (columns.get(i).equals("user")) {
                object.put("user", cell);
            } else if (!cell.isEmpty()) {
                object.set(columns.get(i), value(cell, line));
            }
        }
        return object;
    }

    private JsonNode value(String cell, long line) {
        boolean isJson = NUMBER.matcher(cell).matches() || cell.equals("true") || cell.equals("false");
        if (isJson) {
            return json.readTree(cell);
        }
        if (cell.startsWith("[")) {
            try {
                return json.readTree(cell);
            } catch (JacksonException e) {
                throw refused(line, "the cell " + cell + " is no JSON list");
            }
        }
        return json.getNodeFactory().stringNode(cell);
    }

    private static ProblemException refused(long line, String why) {
        return refused("Line", line, why);
    }

    private static ProblemException refused(String kind, long number, String why) {
        String place = kind + " " + number;
        return new ProblemException(
                ProblemCode.DATA_REFUSED,
                place + ": " + why + ". Nothing of the file was taken.",
                List.of(new FieldProblem(place.toLowerCase(Locale.ROOT), why)));
    }

    /** What an upload did. */
    public record Uploaded(String batchMark, long users) {}

    /** Rows on their way, some at a time; of a user who comes twice the last line holds. */
    private final class Batch {
        private final Map<String, UserTags> some = new LinkedHashMap<>();
        private final Actor actor;
        private final long id;
        private long users;

        Batch(Actor actor) {
            this.actor = actor;
            TagMapper.NewBatch begun = new TagMapper.NewBatch(actor.name(), clock.instant());
            tags.begin(begun);
            id = begun.getId();
        }

        /** The tags of a user; {@code kind} and {@code number} say where they stand. */
        void add(ObjectNode line, String kind, long number) {
            JsonNode user = line.path("user");
            String name = user.isString() || user.isIntegralNumber() ? user.asString() : "";
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes == 0 || bytes > USER_BYTES) {
                throw refused(kind, number, "`user` must be a text of 1 to " + USER_BYTES + " bytes or an integer");
            }
            String text = json.writeValueAsString(line);
            if (text.length() > LINE) {
                throw refused(
                        kind, number, "a user's tags are at most " + LINE + " characters, these are " + text.length());
            }
            some.put(name, new UserTags(name, text));
            users++;
            if (some.size() >= ROWS) {
                write();
            }
        }

        private void write() {
            if (!some.isEmpty()) {
                List<UserTags> rows = List.copyOf(some.values());
                tags.deleteAll(rows);
                tags.insertAll(rows, id);
                some.clear();
            }
        }

        Uploaded end(boolean replace) {
            write();
            if (replace) {
                tags.deleteOthers(id);
            }
            tags.end(id, users);
            audit.note(
                    actor,
                    "tags_uploaded",
                    Subject.TAGS,
                    Long.toString(id),
                    null,
                    Map.of("users", users, "replace", replace));
            return new Uploaded(Long.toString(id), users);
        }
    }
}
