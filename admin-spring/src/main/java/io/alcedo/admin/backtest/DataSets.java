package io.alcedo.admin.backtest;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Logs that were uploaded for backtests: a row in the database, and a file in the data folder by the row's id. */
@Service
class DataSets {
    private final DataSetMapper rows;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final AdminProperties properties;
    private final Clock clock;
    /** A log is sorted in memory: one at a time. */
    private final Semaphore place = new Semaphore(1);

    DataSets(
            DataSetMapper rows, Audit audit, AdminProperties properties, Clock clock, TransactionTemplate transaction) {
        this.audit = audit;
        this.transaction = transaction;
        this.rows = rows;
        this.properties = properties;
        this.clock = clock;
    }

    Page<DataSet> list(Slice slice) {
        return Page.of(rows.list(slice), rows.count(), slice);
    }

    DataSet get(long id) {
        DataSet set = rows.find(id);
        if (set == null) {
            throw ProblemException.notFound("data set", id);
        }
        return set;
    }

    Path file(long id) {
        return properties.data().resolve("data-sets").resolve(id + ".jsonl");
    }

    DataSet add(String name, InputStream body, Actor actor) throws IOException {
        if (!place.tryAcquire()) {
            throw new ProblemException(ProblemCode.BUSY, "Another log is being taken in: send this one in a minute.");
        }
        try {
            return sorted(name, body, actor);
        } finally {
            place.release();
        }
    }

    private DataSet sorted(String name, InputStream body, Actor actor) throws IOException {
        String mapping = properties.events().mapping();
        SortedLog log = SortedLog.read(body, properties.backtests().fileBytes(), mapping.isBlank() ? null : mapping);
        if (log.events() == 0) {
            throw new ProblemException(
                    ProblemCode.DATA_REFUSED,
                    "The file has no event that can be read (" + log.bad() + " lines cannot): it takes a JSON object a"
                            + " line, with user, type and time where the service's event mapping says.");
        }
        Files.createDirectories(file(0).getParent());
        Path temporary = Files.createTempFile(file(0).getParent(), "coming-", ".jsonl");
        try {
            log.write(temporary);
            DataSet added = new DataSet(
                    0,
                    name,
                    log.bytes(),
                    log.events(),
                    log.users(),
                    log.bad(),
                    Instant.ofEpochMilli(log.beganAt()),
                    Instant.ofEpochMilli(log.endedAt()),
                    actor.name(),
                    clock.instant());
            long id = insert(added, actor);
            Files.move(temporary, file(id), StandardCopyOption.REPLACE_EXISTING);
            return get(id);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private long insert(DataSet added, Actor actor) {
        Long id = transaction.execute(status -> {
            rows.insert(added);
            // One at a time, so the last one of this person is this one.
            long last = rows.lastOf(actor.name());
            Map<String, Object> detail = Map.of("events", added.events(), "users", added.users());
            audit.note(actor, "data_set_added", Subject.DATA_SET, Long.toString(last), null, detail);
            return last;
        });
        return id == null ? 0 : id;
    }

    void remove(long id, Actor actor) throws IOException {
        transaction.executeWithoutResult(status -> {
            if (rows.delete(id) > 0) {
                audit.note(actor, "data_set_removed", Subject.DATA_SET, Long.toString(id), null, Map.of());
            }
        });
        Files.deleteIfExists(file(id));
    }
}
