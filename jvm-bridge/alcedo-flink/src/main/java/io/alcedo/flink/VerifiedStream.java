package io.alcedo.flink;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Its end is an error where what came has another SHA-256: nobody takes half-checked members for whole ones. */
final class VerifiedStream extends FilterInputStream {
    private final MessageDigest digest;
    private final String place;
    private final String wanted;

    /** {@code wanted}: 64 hex digits. */
    VerifiedStream(InputStream members, String place, String wanted) throws IOException {
        super(members);
        this.place = place;
        this.wanted = wanted;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this Java has no SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = super.read(into, from, length);
        if (read > 0) {
            digest.update(into, from, read);
        } else if (read < 0) {
            check();
        }
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        return readNBytes((int) Math.min(bytes, 1 << 16)).length; // what is skipped is hashed too
    }

    @Override
    public boolean markSupported() {
        return false; // what is read twice would be hashed twice
    }

    private void check() throws IOException {
        StringBuilder found = new StringBuilder();
        for (byte part : copied().digest()) {
            found.append(String.format("%02x", part));
        }
        if (!found.toString().equalsIgnoreCase(wanted)) {
            throw new IOException(place + " holds bytes whose SHA-256 is " + found + ", its list says " + wanted);
        }
    }

    /** The end may be asked for twice, and a digest is told once. */
    private MessageDigest copied() throws IOException {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IOException("this Java's SHA-256 cannot be copied", e);
        }
    }
}
