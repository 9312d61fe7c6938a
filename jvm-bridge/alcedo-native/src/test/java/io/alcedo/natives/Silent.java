package io.alcedo.natives;

/** Hears outcomes and keeps nothing; tests override what they listen to. */
class Silent implements OutcomeHandler {
    @Override
    public void need(int token, String user) {}

    @Override
    public void store(String user, byte[] stateOrNull, long arm) {}

    @Override
    public void match(long time, String rule, String user, String matchId, byte[] json) {}

    @Override
    public void late(String user, long time, int partition, long position, byte[] raw) {}

    @Override
    public void audit(String user, boolean carriedOut, boolean erased, byte[] json) {}

    @Override
    public void bad(String user, long time, int partition, long position, String reason, byte[] raw) {}
}
