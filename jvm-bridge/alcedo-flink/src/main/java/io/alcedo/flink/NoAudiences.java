package io.alcedo.flink;

import java.io.InputStream;

/** A job without audiences: a rule that names one waits for ever, and the rule-status output says so. */
final class NoAudiences implements AudienceSource {
    private static final long serialVersionUID = 1;

    @Override
    public InputStream load(String id) {
        return null;
    }

    @Override
    public String version(String id) {
        return "";
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public String describe() {
        return "no place for audiences is configured";
    }
}
