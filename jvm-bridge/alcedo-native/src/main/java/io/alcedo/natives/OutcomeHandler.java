package io.alcedo.natives;

/**
 * Hears what the engine has to tell, in order. It may call {@link AlcedoEngine#supply}, and nothing else of the engine.
 * An exception leaves the engine unusable, because what was still to be told is lost. Times are Unix ms.
 */
public interface OutcomeHandler {
    /** The engine must be supplied with this user's state before it can evaluate. */
    void need(int token, String user);

    /**
     * This is the user's state from now on.
     *
     * @param stateOrNull null: nothing is left, drop the entry
     * @param arm set a timer for this event time, or {@link Long#MIN_VALUE} for none
     */
    void store(String user, byte[] stateOrNull, long arm);

    /** A rule fired; {@code json} is the whole match. */
    void match(long time, String rule, String user, String matchId, byte[] json);

    /** An event came too late. */
    void late(String user, long time, int partition, long position, byte[] raw);

    /**
     * What became of a command; {@code json} is its line of the audit.
     *
     * @param carriedOut it took effect, or there was nothing to do: remember its id, and hand it over as one seen before
     *     when it comes again
     * @param erased nothing of the user may be kept, not even which commands were carried out
     */
    void audit(String user, boolean carriedOut, boolean erased, byte[] json);

    /** A record cannot be read; {@code reason} is a stable word, {@code raw} may be cut. */
    void bad(String user, long time, int partition, long position, String reason, byte[] raw);
}
