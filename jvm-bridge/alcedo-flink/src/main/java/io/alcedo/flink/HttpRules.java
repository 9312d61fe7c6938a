package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * All rules as one HTTP answer: a JSON list, the complete set. Asked again and again; a server that answers with an
 * {@code ETag} is asked with {@code If-None-Match} and may answer 304.
 */
public final class HttpRules implements RuleSource {
    private static final long serialVersionUID = 1;

    /** Bytes of an answer: a set's characters take at most 4 each, but rules are mostly ASCII. */
    private static final int LARGEST = (int) RuleSetSize.CHARACTERS;

    private final HttpAddress address;

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
        address = new HttpAddress("the rules' address", url, tokenFile);
    }

    @Override
    public RulesUpdate read() throws IOException {
        HttpURLConnection connection = address.open();
        try {
            connection.setRequestProperty("Accept", "application/json");
            if (etag != null && last != null) {
                connection.setRequestProperty("If-None-Match", etag);
            }
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_NOT_MODIFIED && last != null) {
                return last;
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw address.refusal(connection, status);
            }
            try (InputStream body = connection.getInputStream()) {
                last = new RulesUpdate(true, List.of(address.url), List.of(text(body)));
                etag = connection.getHeaderField("ETag");
                return last;
            }
        } finally {
            connection.disconnect();
        }
    }

    private String text(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new IOException(
                    address.url + " answers with more than " + LARGEST + " bytes; give the address of the rules");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(address.url + " answers with bytes that are not UTF-8", e);
        }
    }

    @Override
    public String describe() {
        return address.url;
    }
}
