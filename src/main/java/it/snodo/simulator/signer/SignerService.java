package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * An invented provider of remote signatures: the Cloud Signature Consortium's interface in version 1.0.4 below
 * {@code /signer/csc/v1} and 2.0 below {@code /signer/csc/v2}, time stamps at {@code /signer/tsa}, its own certification
 * authority ({@code ca.crt}, {@code ca.crl}, {@code ocsp}), and at {@code /signer/} a page with the messages it sends.
 */
public final class SignerService implements AutoCloseable {
    private static final String CSC = "/signer/csc/";
    private static final int V = "v1/".length();

    private final Supplier<String> url;
    private final Rules rules = new Rules();
    private final Journal journal;
    private final Vault vault;
    private final Tokens tokens;
    private final Authority authority;
    private final Stamps stamps;
    private final Revocations revocations;
    private final Csc v1;
    private final Csc v2;

    /**
     * @param url where the simulators are reached from outside, such as {@code http://localhost:8090}
     * @param journalFile null keeps nothing
     * @param keys folder for the authority's keys; null keeps them in memory
     */
    public SignerService(SignerSettings settings, Supplier<String> url, Path journalFile, Path keys, Clock clock) {
        this.url = url;
        this.journal = Journal.open(journalFile);
        this.vault = new Vault(settings, journal, clock);
        this.tokens = new Tokens(settings, clock);
        this.authority = new Authority(keys, url, clock);
        this.stamps = new Stamps(authority, clock);
        this.revocations = new Revocations(authority, vault, clock);
        this.v1 = new CscV1(vault, authority, stamps);
        this.v2 = new CscV2(vault, authority, stamps);
    }

    public Answer handle(Request request) {
        String path = request.path();
        if (path.startsWith(CSC + "v1/")) {
            return csc(v1, path.substring(CSC.length() + V), request);
        }
        if (path.startsWith(CSC + "v2/")) {
            return csc(v2, path.substring(CSC.length() + V), request);
        }
        if (path.startsWith("/signer/ocsp/") && request.method().equals("GET")) {
            return shaped("ocsp", () -> ocspOf(path.substring("/signer/ocsp/".length())));
        }
        return switch (path) {
            case "/signer", "/signer/" ->
                Answer.text(200, "text/html; charset=UTF-8", SignerPage.render(vault.state()))
                        .with("Cache-Control", "no-store");
            case "/signer/_state" -> Answer.json(200, state());
            case "/signer/_control" -> control(request);
            case "/signer/ca.crt" -> Answer.of(200, "application/pkix-cert", ca());
            case "/signer/ca.pem" -> Answer.text(200, "application/x-pem-file", pem(ca()));
            case "/signer/ca.crl" -> shaped("crl", () -> Answer.of(200, "application/pkix-crl", revocations.crl()));
            case "/signer/ocsp" -> posted(request, () -> shaped("ocsp", () -> ocsp(request.body())));
            case "/signer/tsa" -> posted(request, () -> shaped("tsa", () -> stamp(request.body())));
            default ->
                Answer.text(
                        404,
                        "text/plain; charset=UTF-8",
                        "Qui ci sono csc/v1, csc/v2, tsa, ocsp, ca.crt, ca.pem, ca.crl, _state e _control.");
        };
    }

    private Answer csc(Csc api, String operation, Request request) {
        if (!request.method().equals("POST")) {
            return Answer.text(405, "text/plain; charset=UTF-8", "Solo POST").with("Allow", "POST");
        }
        if (!api.offers(operation)) {
            return CscError.answer(501, "not_implemented", "Method not implemented");
        }
        Params params;
        try {
            params = operation.equals("oauth2/token") ? Params.of(new byte[0]) : Params.of(request.body());
        } catch (CscError e) {
            rules.next(operation, null);
            return e.answer();
        }
        String credential = null;
        try {
            credential = params.may("credentialID");
        } catch (CscError e) {
            // said again by the operation itself
        }
        Rules.Order order = rules.next(operation, credential);
        Answer answer = order.takesEffect() ? perform(api, operation, params, request, order) : Answer.nothing();
        JsonNode error = order.error();
        if (error != null) {
            answer = CscError.answer(
                    error.path("status").asInt(500),
                    error.path("error").asText("server_error"),
                    error.path("detail").asText("Error ordered from the simulator"));
            if (error.has("retryAfter")) {
                answer = answer.with("Retry-After", error.get("retryAfter").asText());
            }
        }
        return order.shape(answer);
    }

    private Answer perform(Csc api, String operation, Params params, Request request, Rules.Order order) {
        try {
            switch (operation) {
                case "info" -> {
                    return Answer.json(200, api.info(url.get()));
                }
                case "auth/login" -> {
                    return Answer.json(200, tokens.login(request));
                }
                case "oauth2/token" -> {
                    return Answer.json(200, tokens.token(request));
                }
                default -> tokens.check(request);
            }
            if (operation.equals("auth/revoke")) {
                tokens.revoke(params.need("token"));
                return Answer.nothing();
            }
            return api.call(operation, params, order);
        } catch (CscError e) {
            return e.answer();
        }
    }

    private interface Work {
        Answer answer();
    }

    private static Answer posted(Request request, Work work) {
        return request.method().equals("POST")
                ? work.answer()
                : Answer.text(405, "text/plain; charset=UTF-8", "Solo POST").with("Allow", "POST");
    }

    private Answer shaped(String operation, Work work) {
        Rules.Order order = rules.next(operation, null);
        Answer answer = order.takesEffect() ? work.answer() : Answer.nothing();
        if (order.error() != null) {
            answer = Answer.text(
                    order.error().path("status").asInt(500),
                    "text/plain; charset=UTF-8",
                    order.error().path("detail").asText("Errore ordinato al simulatore"));
        }
        return order.shape(answer);
    }

    private Answer stamp(byte[] request) {
        byte[] response = stamps.answer(request);
        return response == null
                ? Answer.text(400, "text/plain; charset=UTF-8", "Non è una richiesta di marca temporale")
                : Answer.of(200, "application/timestamp-reply", response);
    }

    private Answer ocsp(byte[] request) {
        return Answer.of(200, "application/ocsp-response", revocations.ocsp(request));
    }

    /** The request in the address: Base64, and that percent-encoded. */
    private Answer ocspOf(String encoded) {
        try {
            String base64 =
                    java.net.URLDecoder.decode(encoded.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
            return ocsp(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return ocsp(new byte[0]);
        }
    }

    private byte[] ca() {
        try {
            return authority.ca().certificate().getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END CERTIFICATE-----\n";
    }

    /** Rules as everywhere, and orders: see {@link Vault#order}, {@code requireLogin}, {@code forgetTokens}. */
    private Answer control(Request request) {
        if (request.method().equals("POST")) {
            try {
                JsonNode order = Json.read(request.body());
                boolean done = order.isObject() && vault.order(order);
                if (order.has("requireLogin")) {
                    tokens.require(order.get("requireLogin").asBoolean());
                    done = true;
                }
                if (order.has("forgetTokens")) {
                    tokens.forgetAll();
                    done = true;
                }
                if (done) {
                    return Answer.json(200, state());
                }
            } catch (IOException e) {
                // the rules say what is wrong with it
            } catch (IllegalArgumentException e) {
                return Answer.problem(
                        400,
                        Json.object()
                                .put("title", "Ordine non valido")
                                .put("status", 400)
                                .put("detail", e.getMessage()));
            }
        }
        return rules.control(request);
    }

    /** Calls, rules, messages with their OTPs, credentials with their locks, and every signature. */
    public ObjectNode state() {
        ObjectNode state = Json.object();
        state.set("calls", rules.counts());
        state.set("rules", rules.describe());
        state.setAll(vault.state());
        return state;
    }

    @Override
    public void close() {
        journal.close();
    }
}
