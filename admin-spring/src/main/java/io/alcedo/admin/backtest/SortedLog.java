package io.alcedo.admin.backtest;

import io.alcedo.admin.api.BodyTooLargeException;
import io.alcedo.natives.Extractor;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A log on its way into a file: its events by time, those of one moment as they stood, a line each. */
final class SortedLog {
    private static final int LINE = 1 << 20;

    private final List<Place> places = new ArrayList<>();
    private final Set<String> users = new HashSet<>();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private long bad;

    private record Place(long time, int offset, int length) {}

    /** Reads a log; what is longer than the limit is refused. */
    static SortedLog read(InputStream in, long limit, String mappingOrNull) throws IOException {
        SortedLog log = new SortedLog();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] piece = new byte[64 << 10];
        long read = 0;
        try (Extractor extractor = Extractor.open(mappingOrNull, null)) {
            for (int some = in.read(piece); some >= 0; some = in.read(piece)) {
                read += some;
                if (read > limit) {
                    throw new BodyTooLargeException(limit);
                }
                int from = 0;
                for (int i = 0; i < some; i++) {
                    if (piece[i] == '\n') {
                        line.write(piece, from, i - from);
                        log.add(line, extractor);
                        from = i + 1;
                    }
                }
                line.write(piece, from, some - from);
            }
            log.add(line, extractor);
        }
        log.places.sort(Comparator.comparingLong(Place::time));
        return log;
    }

    private void add(ByteArrayOutputStream line, Extractor extractor) {
        byte[] raw = line.toByteArray();
        line.reset();
        if (raw.length > LINE) {
            bad++;
            return;
        }
        switch (extractor.extract(raw, Extractor.NO_BROKER_TIME)) {
            case EVENT:
                places.add(new Place(extractor.time(), lines.size(), raw.length));
                users.add(extractor.user());
                lines.writeBytes(raw);
                break;
            case BAD:
                bad++;
                break;
            default:
        }
    }

    void write(Path file) throws IOException {
        byte[] all = lines.toByteArray();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (Place place : places) {
                out.write(all, place.offset(), place.length());
                out.write('\n');
            }
        }
    }

    int events() {
        return places.size();
    }

    int users() {
        return users.size();
    }

    long bad() {
        return bad;
    }

    long bytes() {
        return lines.size();
    }

    /** Of the first event; only if there is one. */
    long beganAt() {
        return places.get(0).time();
    }

    long endedAt() {
        return places.get(places.size() - 1).time();
    }
}
