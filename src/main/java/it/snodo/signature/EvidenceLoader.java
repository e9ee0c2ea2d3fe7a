package it.snodo.signature;

import eu.europa.esig.dss.spi.client.http.DataLoader;
import eu.europa.esig.dss.spi.exception.DSSExternalResourceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP to timestamp authorities, OCSP and CRL servers: no secret but an optional password, a limit on the whole answer. */
final class EvidenceLoader implements DataLoader {

    private static final long serialVersionUID = 1L;

    private final transient HttpClient client;
    private final Duration timeout;
    private final String authorization;
    private final String contentType;

    /** @param user for HTTP Basic; null for none */
    EvidenceLoader(Duration timeout, String contentType, String user, String password) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.timeout = timeout;
        this.contentType = contentType;
        this.authorization = user == null || user.isBlank()
                ? null
                : "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] get(String url) {
        return call(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    @Override
    public DataAndUrl get(List<String> urls) {
        RuntimeException last = new DSSExternalResourceException("nessun indirizzo");
        for (String url : urls) {
            try {
                return new DataAndUrl(url, get(url));
            } catch (RuntimeException e) {
                last = e;
            }
        }
        throw last;
    }

    @Override
    public byte[] post(String url, byte[] content) {
        return call(HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofByteArray(content)));
    }

    private byte[] call(HttpRequest.Builder builder) {
        if (contentType != null) {
            builder.header("Content-Type", contentType);
        }
        if (authorization != null) {
            builder.header("Authorization", authorization);
        }
        HttpRequest request = builder.timeout(timeout).build();
        var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new DSSExternalResourceException(
                        request.uri().getHost() + " risponde HTTP " + response.statusCode());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(request, e);
        } catch (ExecutionException e) {
            throw failed(request, e.getCause() instanceof IOException io ? io : e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw failed(request, e);
        }
    }

    private static DSSExternalResourceException failed(HttpRequest request, Exception e) {
        return new DSSExternalResourceException(
                request.uri().getHost() + " non risponde (" + e.getClass().getSimpleName() + ")", e);
    }

    /** Chosen when it is made: one loader serves one kind of server. */
    @Override
    public void setContentType(String contentType) {}
}
