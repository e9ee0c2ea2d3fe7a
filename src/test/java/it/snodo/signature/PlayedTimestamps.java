package it.snodo.signature;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** A timestamp authority of RFC 3161 and a server of revocation lists, on one socket. */
final class PlayedTimestamps implements AutoCloseable {

    private final HttpServer server;
    final TestAuthority authority;
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean down;
    volatile boolean crlDown;

    PlayedTimestamps() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority = new TestAuthority(url("/crl"));
        TestAuthority.Issued own = authority.timestamps();
        server.createContext("/tsa", exchange -> {
            asked.incrementAndGet();
            byte[] request = exchange.getRequestBody().readAllBytes();
            byte[] answer = down ? new byte[0] : stamped(own, request);
            exchange.getResponseHeaders().add("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(down ? 503 : 200, answer.length == 0 ? -1 : answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.createContext("/crl", exchange -> {
            byte[] crl = authority.crl();
            exchange.sendResponseHeaders(crlDown ? 503 : 200, crlDown ? -1 : crl.length);
            try (OutputStream out = exchange.getResponseBody()) {
                if (!crlDown) {
                    out.write(crl);
                }
            }
        });
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static byte[] stamped(TestAuthority.Issued own, byte[] request) {
        try {
            TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
                    new JcaSimpleSignerInfoGeneratorBuilder()
                            .build(
                                    "SHA256withRSA",
                                    own.keys().getPrivate(),
                                    own.chain().get(0)),
                    new JcaDigestCalculatorProviderBuilder()
                            .build()
                            .get(new org.bouncycastle.asn1.x509.AlgorithmIdentifier(TSPAlgorithms.SHA256)),
                    new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"));
            tokens.addCertificates(new JcaCertStore(own.chain()));
            return new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED)
                    .generate(new TimeStampRequest(request), BigInteger.valueOf(System.nanoTime()), new Date())
                    .getEncoded();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
