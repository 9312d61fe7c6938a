package io.alcedo.natives;

import java.nio.ByteBuffer;

/** What an engine counted since it was opened. */
public final class Counters {
    /** Events taken in. */
    public final long taken;
    /** Events that were late. */
    public final long late;
    /** Records that could not be read. */
    public final long bad;
    /** Matches. */
    public final long matches;
    /** Deadlines that passed. */
    public final long deadlines;
    /** Correlation values, open absences and candidate starts dropped by a declared bound. */
    public final long dropped;
    /** Events dropped because their id was among their user's last ones. */
    public final long repeated;
    /** Users found in the cache. */
    public final long cacheHits;
    /** Users asked of the host. */
    public final long cacheMisses;
    /** State bytes read from the host. */
    public final long stateRead;
    /** State bytes given to the host. */
    public final long stateWritten;
    /** Users in the cache now. */
    public final long cachedUsers;
    /** Dirty users now. */
    public final long dirtyUsers;
    /** Deadlines that are open now, of the users in the cache. */
    public final long openDeadlines;
    /** Bytes of the cache now. */
    public final long cachedBytes;
    /** Bytes of everything held now: the cache, outcomes that wait, the rules and the buffers. */
    public final long heldBytes;

    private Counters(ByteBuffer in) {
        taken = in.getLong();
        late = in.getLong();
        bad = in.getLong();
        matches = in.getLong();
        deadlines = in.getLong();
        dropped = in.getLong();
        repeated = in.getLong();
        cacheHits = in.getLong();
        cacheMisses = in.getLong();
        stateRead = in.getLong();
        stateWritten = in.getLong();
        cachedUsers = in.getLong();
        dirtyUsers = in.getLong();
        openDeadlines = in.getLong();
        cachedBytes = in.getLong();
        heldBytes = in.getLong();
    }

    static Counters read(ByteBuffer in, int length) {
        if (length != Layout.COUNTERS * Long.BYTES) {
            throw new AlcedoException("the library counts " + length + " bytes, not " + Layout.COUNTERS * Long.BYTES);
        }
        in.clear();
        Counters counters = new Counters(in);
        in.clear();
        return counters;
    }

    @Override
    public String toString() {
        return "taken " + taken + ", late " + late + ", bad " + bad + ", matches " + matches + ", deadlines "
                + deadlines
                + ", dropped " + dropped + ", repeated " + repeated + ", cache hits " + cacheHits + " and misses "
                + cacheMisses
                + ", state bytes read "
                + stateRead + " and written " + stateWritten + ", users cached " + cachedUsers + " of them dirty "
                + dirtyUsers + ", deadlines open " + openDeadlines + ", bytes cached " + cachedBytes + " and held "
                + heldBytes;
    }
}
