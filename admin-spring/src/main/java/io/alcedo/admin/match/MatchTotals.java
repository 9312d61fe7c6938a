package io.alcedo.admin.match;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * How many matches a list has, told up to {@link MatchPage#COUNTED}. Counting so far costs more than reading the page, and
 * a list that was longer is so for a while: it is not counted again within a minute.
 */
@Component
class MatchTotals {
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int LISTS = 1_000;

    private final MatchMapper matches;
    private final Clock clock;
    private final Map<MatchFilter, Instant> longer = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MatchFilter, Instant> eldest) {
            return size() > LISTS;
        }
    };

    MatchTotals(MatchMapper matches, Clock clock) {
        this.matches = matches;
        this.clock = clock;
    }

    /** At most {@link MatchPage#COUNTED} + 1, which stands for all above it. */
    int of(MatchFilter filter) {
        Instant now = clock.instant();
        synchronized (longer) {
            Instant counted = longer.get(filter);
            if (counted != null && now.isBefore(counted.plus(REMEMBERED))) {
                return MatchPage.COUNTED + 1;
            }
            longer.remove(filter);
        }
        int found = matches.total(filter, null, MatchPage.COUNTED + 1);
        if (found > MatchPage.COUNTED) {
            synchronized (longer) {
                longer.put(filter, now);
            }
        }
        return found;
    }
}
