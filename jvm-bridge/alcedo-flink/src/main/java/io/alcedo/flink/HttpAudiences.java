package io.alcedo.flink;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;

/**
 * Audiences behind an http(s) address: {@code GET <address>} lists them, a line {@code id version} each, and {@code GET
 * <address>/<id>} gives the members as {@code alcedo audience} writes them. A version {@code sha256:<64 hex digits>} is
 * what the members must hash to: others are refused.
 */
public final class HttpAudiences implements AudienceSource {
    private static final long serialVersionUID = 1;

    private final HttpAddress address;
    private final String tokenFile;

    private transient String etag;
    private transient AudienceList list;

    /** Audiences at this address; {@code http} or {@code https}. {@code tokenFile}: as for {@link HttpRules}. */
    public HttpAudiences(String url, String tokenFile) {
        address = new HttpAddress("the audiences' address", url.replaceAll("/+$", ""), tokenFile);
        this.tokenFile = tokenFile;
    }

    @Override
    public InputStream load(String id) throws IOException {
        String version = list == null ? version(id) : list.version(id);
        if (version.isEmpty() || !DirectoryAudiences.SAFE.matcher(id).matches()) {
            return null;
        }
        HttpAddress one = new HttpAddress("the audience's address", address.url + "/" + id, tokenFile);
        HttpURLConnection connection = one.open();
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_NOT_FOUND) {
            connection.disconnect();
            return null;
        }
        if (status != HttpURLConnection.HTTP_OK) {
            throw one.refusal(connection, status);
        }
        return AudienceList.verified(connection.getInputStream(), one.url, version);
    }

    @Override
    public String version(String id) throws IOException {
        look();
        return list.version(id);
    }

    @Override
    public String version() throws IOException {
        look();
        return list.text();
    }

    private void look() throws IOException {
        HttpURLConnection connection = address.open();
        try {
            connection.setRequestProperty("Accept", "text/plain");
            if (etag != null && list != null) {
                connection.setRequestProperty("If-None-Match", etag);
            }
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_NOT_MODIFIED && list != null) {
                return;
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw address.refusal(connection, status);
            }
            try (InputStream body = connection.getInputStream()) {
                list = AudienceList.read(body, address.url);
                etag = connection.getHeaderField("ETag");
            }
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public String place() {
        return address.url + " with the token of " + tokenFile;
    }

    @Override
    public String describe() {
        return address.url;
    }
}
