package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All rules as one HTTP answer: a JSON list, the complete set. Asked again and again; a server that answers with an
 * {@code ETag} is asked with {@code If-None-Match} and may answer 304.
 *
 * <p>Redirects are not followed: a token must not go where it was not meant to.
 */
public final class HttpRules implements RuleSource {
    private static final long serialVersionUID = 1;

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;

    /** Bytes of an answer: a set's characters take at most 4 each, but rules are mostly ASCII. */
    private static final int LARGEST = (int) RuleSetSize.CHARACTERS;

    private static final int SHOWN_OF_AN_ERROR = 200;

    private final String url;
    private final String tokenFile;

    private transient String etag;
    private transient RulesUpdate last;

    /** Rules at this address; {@code http} or {@code https}. */
    public HttpRules(String url) {
        this(url, null);
    }

    /**
     * Rules at this address.
     *
     * @param tokenFile file whose content goes along as a bearer token, read at every request so that it may change;
     *     null: none
     */
    public HttpRules(String url, String tokenFile) {
        String scheme = URI.create(url).getScheme();
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw new IllegalArgumentException("the rules' address is " + url + ": it must begin with http or https");
        }
        this.url = url;
        this.tokenFile = tokenFile;
    }

    @Override
    public RulesUpdate read() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        try {
            prepare(connection);
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_NOT_MODIFIED && last != null) {
                return last;
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException(url + " answers " + status + " " + shown(connection));
            }
            try (InputStream body = connection.getInputStream()) {
                last = new RulesUpdate(true, List.of(url), List.of(text(body)));
                etag = connection.getHeaderField("ETag");
                return last;
            }
        } finally {
            connection.disconnect();
        }
    }

    private void prepare(HttpURLConnection connection) throws IOException {
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", "application/json");
        if (tokenFile != null) {
            String token = Files.readString(Path.of(tokenFile)).trim();
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        if (etag != null && last != null) {
            connection.setRequestProperty("If-None-Match", etag);
        }
    }

    private String text(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new IOException(url + " answers with more than " + LARGEST + " bytes; give the address of the rules");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(url + " answers with bytes that are not UTF-8", e);
        }
    }

    /** The beginning of an error's text, so that the log says what the server meant. */
    private static String shown(HttpURLConnection connection) throws IOException {
        String location = connection.getHeaderField("Location");
        if (location != null) {
            return "and points to " + location + "; give that address itself";
        }
        try (InputStream body = connection.getErrorStream()) {
            return body == null ? "" : new String(body.readNBytes(SHOWN_OF_AN_ERROR), StandardCharsets.UTF_8);
        }
    }

    @Override
    public String describe() {
        return url;
    }
}
