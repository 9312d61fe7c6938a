package io.alcedo.job;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest names. */
final class JobVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = JobVersion.class.getPackage().getImplementationVersion();
        return new String[] {"alcedo-job " + (version == null ? "(not from its jar)" : version)};
    }
}
