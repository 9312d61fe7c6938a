package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An http or https address, with the token that goes along. Redirects are not followed: they would take it elsewhere. */
final class HttpAddress implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;
    private static final int SHOWN_OF_AN_ERROR = 200;

    final String url;
    private final String tokenFile;

    /** {@code tokenFile}: content goes along as a bearer token, read at every request; null: none. */
    HttpAddress(String what, String url, String tokenFile) {
        String scheme = URI.create(url).getScheme();
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw new IllegalArgumentException(what + " is " + url + ": it must begin with http or https");
        }
        this.url = url;
        this.tokenFile = tokenFile;
    }

    HttpURLConnection open() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        if (tokenFile != null) {
            String token = Files.readString(Path.of(tokenFile)).trim();
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }

    /** What an answer that is none says: its status and the beginning of its text, so that the log tells why. */
    IOException refusal(HttpURLConnection connection, int status) throws IOException {
        String location = connection.getHeaderField("Location");
        if (location != null) {
            return new IOException(
                    url + " answers " + status + " and points to " + location + "; give that address itself");
        }
        try (InputStream body = connection.getErrorStream()) {
            String text = body == null ? "" : new String(body.readNBytes(SHOWN_OF_AN_ERROR), StandardCharsets.UTF_8);
            return new IOException(url + " answers " + status + " " + text);
        }
    }
}
