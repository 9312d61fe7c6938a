package io.alcedo.admin.match;

import io.alcedo.admin.account.AccountService;
import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * New matches for those who look on. A screen shows some a second at most: beyond that it is told how many more there
 * were, and fetches the list. A slow reader slows nobody but himself.
 */
@Component
class MatchStream implements SmartLifecycle {
    private static final int LISTENERS = 200;
    private static final int PER_ACCOUNT = 10;
    private static final int SHOWN = 50;
    private static final long HOURS = 4 * 3_600_000L;
    /** In turns of {@link #flush}: a proxy closes what is silent for a minute. */
    private static final int HEARTBEAT = 60;

    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final AccountService accounts;
    private volatile boolean running;
    private final ExecutorService senders = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "matches-to-screen");
        thread.setDaemon(true);
        return thread;
    });

    MatchStream(AccountService accounts) {
        this.accounts = accounts;
    }

    SseEmitter listen(String ruleOrNull, Actor actor) {
        String name = actor.name();
        if (listeners.stream().filter(one -> one.actor.name().equals(name)).count() >= PER_ACCOUNT) {
            throw new ProblemException(
                    ProblemCode.BUSY, PER_ACCOUNT + " screens of yours look on already: close one, or fetch the list.");
        }
        if (listeners.size() >= LISTENERS) {
            throw new ProblemException(
                    ProblemCode.UNAVAILABLE, LISTENERS + " screens look on already: fetch the list instead.");
        }
        SseEmitter emitter = new SseEmitter(HOURS);
        Listener one = new Listener(ruleOrNull, actor, emitter);
        emitter.onCompletion(() -> listeners.remove(one));
        emitter.onTimeout(emitter::complete);
        emitter.onError(e -> listeners.remove(one));
        listeners.add(one);
        if (!running) {
            emitter.complete(); // it came while the service stopped
        }
        return emitter;
    }

    /** Tells what was kept. */
    void tell(List<Match> added) {
        listeners.forEach(listener -> listener.take(added));
    }

    @Scheduled(fixedDelay = 250)
    void flush() {
        if (!running) {
            return;
        }
        for (Listener one : listeners) {
            if (one.isTimeToAsk() && !accounts.stillHolds(one.actor)) {
                one.emitter.complete(); // the account was switched off, or is another one now
            } else if (one.hasWork() && one.sending.compareAndSet(false, true)) {
                senders.execute(() -> {
                    try {
                        one.send();
                    } finally {
                        one.sending.set(false);
                    }
                });
            }
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Lets those who look on go, so that a stop does not wait for them. */
    @Override
    public void stop() {
        running = false;
        listeners.forEach(one -> one.emitter.complete());
        senders.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, which waits for requests that run. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private static final class Listener {
        private final String rule;
        private final Actor actor;
        private final SseEmitter emitter;
        private final AtomicBoolean sending = new AtomicBoolean();
        private final ArrayDeque<Match> waiting = new ArrayDeque<>();
        private long more;
        private int silent;
        private int turns;
        private boolean greet = true;

        Listener(String rule, Actor actor, SseEmitter emitter) {
            this.rule = rule;
            this.actor = actor;
            this.emitter = emitter;
        }

        synchronized void take(List<Match> added) {
            for (Match match : added) {
                if (rule == null || rule.equals(match.ruleId())) {
                    if (waiting.size() < SHOWN) {
                        waiting.add(match);
                    } else {
                        more++;
                    }
                }
            }
        }

        /** Counts turns, whether or not matches come: now and then it is asked whether he may still look on. */
        synchronized boolean isTimeToAsk() {
            turns++;
            return turns % HEARTBEAT == 0;
        }

        synchronized boolean hasWork() {
            silent++;
            return greet || !waiting.isEmpty() || more > 0 || silent >= HEARTBEAT;
        }

        void send() {
            List<Match> now;
            long left;
            synchronized (this) {
                now = new ArrayList<>(waiting);
                left = more;
                waiting.clear();
                more = 0;
                silent = 0;
                greet = false;
            }
            try {
                if (now.isEmpty() && left == 0) {
                    emitter.send(SseEmitter.event().comment("here"));
                }
                for (Match match : now) {
                    emitter.send(SseEmitter.event().name("match").data(match, MediaType.APPLICATION_JSON));
                }
                if (left > 0) {
                    emitter.send(
                            SseEmitter.event().name("more").data(Map.of("matches", left), MediaType.APPLICATION_JSON));
                }
            } catch (IOException | IllegalStateException e) {
                emitter.completeWithError(e); // whoever looked on has gone
            }
        }
    }
}
