package io.alcedo.admin.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayInputStream;

/** Bytes in memory as a servlet reads them. */
final class ByteArrayServletInputStream extends ServletInputStream {
    private final ByteArrayInputStream in;

    ByteArrayServletInputStream(byte[] bytes) {
        in = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
        return in.read();
    }

    @Override
    public int read(byte[] into, int from, int length) {
        return in.read(into, from, length);
    }

    @Override
    public boolean isFinished() {
        return in.available() == 0;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException("the body is in memory: read it");
    }
}
