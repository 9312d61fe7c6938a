package io.alcedo.admin.backtest;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import io.alcedo.admin.replay.Trial;
import io.alcedo.admin.rule.Definitions;
import io.alcedo.admin.rule.RuleEngine;
import io.alcedo.admin.rule.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Backtests in the background, one after the other; those that a stop of the service broke off begin again. */
@Service
class Backtests implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Backtests.class);

    private final BacktestMapper rows;
    private final DataSets dataSets;
    private final BacktestRun run;
    private final RuleEngine engine;
    private final Audit audit;
    private final AdminProperties properties;
    private final JsonMapper json;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private final Semaphore signals = new Semaphore(0);
    private volatile Thread thread;
    private volatile Progress now = new Progress(0, Duration.ZERO);

    Backtests(
            BacktestMapper rows,
            DataSets dataSets,
            BacktestRun run,
            RuleEngine engine,
            Audit audit,
            AdminProperties properties,
            JsonMapper json,
            Clock clock,
            TransactionTemplate transaction) {
        this.rows = rows;
        this.dataSets = dataSets;
        this.run = run;
        this.engine = engine;
        this.audit = audit;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
        this.transaction = transaction;
    }

    Backtest start(BacktestRequest wanted, Actor actor) {
        if (wanted.dataSet() != null) {
            dataSets.get(wanted.dataSet());
        }
        JsonNode definition = run.definition(wanted);
        Verdict verdict = engine.check(wanted.rule(), definition, clock.instant());
        Definitions.mustBeRight(verdict);
        if (rows.waiting() >= properties.backtests().waiting()) {
            throw new ProblemException(
                            ProblemCode.BUSY,
                            properties.backtests().waiting() + " backtests wait already: cancel one, or try later.")
                    .retryAfter(Duration.ofSeconds(30));
        }
        Instant at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        Long id = transaction.execute(status -> {
            rows.insert(wanted.rule(), wanted.dataSet(), json.writeValueAsString(wanted), actor.name(), at);
            long added = rows.lastOf(actor.name(), at);
            audit.note(
                    actor,
                    "backtest_started",
                    Subject.BACKTEST,
                    Long.toString(added),
                    wanted.revision(),
                    Map.of("rule", wanted.rule()));
            return added;
        });
        signals.release();
        return get(id == null ? 0 : id);
    }

    Page<Backtest> list(String ruleOrNull, Slice slice) {
        return Page.of(
                rows.list(ruleOrNull, slice).stream().map(this::withProgress).toList(), rows.count(ruleOrNull), slice);
    }

    Backtest get(long id) {
        Backtest one = rows.find(id);
        if (one == null) {
            throw ProblemException.notFound("backtest", id);
        }
        return withProgress(one);
    }

    private Backtest withProgress(Backtest one) {
        Progress running = now;
        return one.state() == Backtest.State.RUNNING && running.id() == one.id() ? one.at(running.share()) : one;
    }

    /** One that has ended stays as it is. */
    Backtest cancel(long id, Actor actor) {
        get(id);
        Progress running = now;
        if (running.id() == id) {
            running.cancel();
        }
        transaction.executeWithoutResult(status -> {
            if (rows.end(id, Backtest.State.CANCELLED, null, null, clock.instant()) > 0) {
                audit.note(actor, "backtest_cancelled", Subject.BACKTEST, Long.toString(id), null, Map.of());
            }
        });
        return get(id);
    }

    /** Until the service stops: a database that is away for a while ends a round, not the thread. */
    private void work() {
        try {
            while (thread != null) {
                try {
                    round();
                } catch (RuntimeException e) {
                    LOG.warn("Backtests go on in a moment: {}", e.getClass().getSimpleName());
                    signals.tryAcquire(2, TimeUnit.SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    private void round() throws InterruptedException {
        rows.startAgain();
        while (thread != null) {
            Long next = rows.next();
            if (next != null && rows.begin(next) == 1) {
                one(next);
            } else if (signals.tryAcquire(2, TimeUnit.SECONDS)) {
                signals.drainPermits();
            }
        }
    }

    private void one(long id) {
        Progress progress = new Progress(id, properties.backtests().time());
        now = progress;
        try {
            Trial.Result result = run.run(json.readValue(rows.request(id), BacktestRequest.class), progress);
            rows.end(id, Backtest.State.DONE, json.writeValueAsString(result), null, clock.instant());
        } catch (Progress.CancelledException e) {
            // The row says so already; or the service stops, and it begins again.
        } catch (Exception e) {
            LOG.warn("Backtest {} failed", id, e);
            String why = String.valueOf(e.getMessage());
            rows.end(id, Backtest.State.FAILED, null, why.substring(0, Math.min(1_000, why.length())), clock.instant());
        }
    }

    @Override
    public void start() {
        thread = new Thread(this::work, "backtests");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop() {
        Thread running = thread;
        thread = null;
        now.cancel();
        if (running != null) {
            signals.release();
            try {
                running.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
