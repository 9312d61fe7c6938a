package io.alcedo.flink;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;

/**
 * Audiences behind an http(s) address: {@code GET <address>} lists them, a line {@code id version} each, and {@code GET
 * <address>/<id>} gives the members as {@code alcedo audience} writes them. A version {@code sha256:<64 hex digits>} is
 * what the members must hash to: others are refused.
 */
public final class HttpAudiences implements AudienceSource {
    private static final long serialVersionUID = 1;

    private static final int LARGEST_LIST = 1 << 20;
    private static final String SHA256 = "sha256:";

    private final HttpAddress address;
    private final String tokenFile;

    private transient String etag;
    private transient String list;

    /** Audiences at this address; {@code http} or {@code https}. {@code tokenFile}: as for {@link HttpRules}. */
    public HttpAudiences(String url, String tokenFile) {
        address = new HttpAddress("the audiences' address", url.replaceAll("/+$", ""), tokenFile);
        this.tokenFile = tokenFile;
    }

    @Override
    public InputStream load(String id) throws IOException {
        String version = list == null ? version(id) : versions().getOrDefault(id, "");
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
        InputStream members = connection.getInputStream();
        return version.startsWith(SHA256)
                ? new Verified(members, one.url, version.substring(SHA256.length()))
                : members;
    }

    @Override
    public String version(String id) throws IOException {
        look();
        return versions().getOrDefault(id, "");
    }

    @Override
    public String version() throws IOException {
        look();
        return list;
    }

    private TreeMap<String, String> versions() throws IOException {
        TreeMap<String, String> versions = new TreeMap<>();
        for (String line : list.split("\\R")) {
            String[] words = line.trim().split("\\s+");
            if (words.length == 2) {
                versions.put(words[0], words[1]);
            } else if (!line.isBlank()) {
                throw new IOException(address.url + " answers with the line \"" + line + "\": it must be `id version`");
            }
        }
        return versions;
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
                byte[] bytes = body.readNBytes(LARGEST_LIST + 1);
                if (bytes.length > LARGEST_LIST) {
                    throw new IOException(address.url + " answers with more than " + LARGEST_LIST
                            + " bytes; it must be a list of audiences, a line `id version` each");
                }
                list = new String(bytes, StandardCharsets.UTF_8);
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

    /** Its end is an error where what came has another hash: nobody takes half-checked members for whole ones. */
    private static final class Verified extends FilterInputStream {
        private final MessageDigest digest;
        private final String url;
        private final String wanted;

        Verified(InputStream members, String url, String wanted) throws IOException {
            super(members);
            this.url = url;
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

        private void check() throws IOException {
            StringBuilder found = new StringBuilder();
            for (byte part : ((MessageDigest) cloned()).digest()) {
                found.append(String.format("%02x", part));
            }
            if (!found.toString().equalsIgnoreCase(wanted)) {
                throw new IOException(
                        url + " answers with bytes whose SHA-256 is " + found + ", its list says " + wanted);
            }
        }

        /** The end may be asked for twice, and a digest is told once. */
        private Object cloned() throws IOException {
            try {
                return digest.clone();
            } catch (CloneNotSupportedException e) {
                throw new IOException("this Java's SHA-256 cannot be copied", e);
            }
        }
    }
}
