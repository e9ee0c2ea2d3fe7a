package it.snodo.signature.csc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import it.snodo.fault.SnodoCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ContentType;

/** A provider over the API of the Cloud Signature Consortium, in either version. */
public final class CscService implements SigningService {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProviderSettings settings;
    private final Csc csc;
    private final CscAlgorithm algorithm;
    private final OneCall http;
    private final HubToken token;

    /** @param tls asked for each connection; null for the platform's own trust */
    public CscService(ProviderSettings settings, Supplier<SSLContext> tls) {
        settings.check();
        this.settings = settings;
        this.csc = Csc.of(settings.api());
        this.algorithm = CscAlgorithm.of(settings.algorithm());
        this.http = new OneCall(tls, settings.connectTimeout(), settings.responseTimeout());
        this.token = new HubToken(settings, this);
    }

    @Override
    public ProviderSettings settings() {
        return settings;
    }

    @Override
    public Credential credential(String alias, Predicate<X509Certificate> doctors) {
        if (settings.find() == ProviderSettings.Find.ID) {
            return info(alias);
        }
        JsonNode found = call("/credentials/list", new WipedJson().text("userID", alias), Step.INFO);
        List<Credential> all = new ArrayList<>();
        found.path("credentialIDs").forEach(id -> all.add(info(id.asText())));
        List<Credential> own = all.stream()
                .filter(one -> one.enabled()
                        && !one.chain().isEmpty()
                        && doctors.test(one.chain().get(0)))
                .toList();
        if (own.size() == 1 || own.isEmpty() && all.size() == 1) {
            return own.isEmpty() ? all.get(0) : own.get(0);
        }
        throw new Refused(
                SnodoCode.SIGNATURE_CREDENTIAL_UNKNOWN,
                all.isEmpty()
                        ? "%s non ha credenziali per l'alias indicato.".formatted(settings.name())
                        : "%s ha più credenziali per l'alias indicato e nessuna è la sola del medico."
                                .formatted(settings.name()),
                true);
    }

    private Credential info(String id) {
        JsonNode info = call(
                "/credentials/info",
                new WipedJson()
                        .text("credentialID", id)
                        .text("certificates", "chain")
                        .flag("certInfo", true)
                        .flag("authInfo", true),
                Step.INFO);
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (JsonNode one : info.path("cert").path("certificates")) {
                chain.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getMimeDecoder().decode(one.asText()))));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new Refused(
                    SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                    "%s ha dato un certificato illeggibile.".formatted(settings.name()),
                    false);
        }
        CscAlgorithm used =
                chain.isEmpty() ? algorithm : algorithm.with(chain.get(0).getPublicKey());
        return csc.credential(id, info, List.copyOf(chain), used);
    }

    @Override
    public void sendOtp(Credential credential, String delivery) {
        call(csc.otpPath(), csc.otpRequest(credential, delivery), Step.OTP);
    }

    @Override
    public byte[] sign(Credential credential, byte[] digest, char[] pin, char[] otp, String delivery) {
        String hash = Base64.getEncoder().encodeToString(digest);
        // asked for before the PIN leaves: nothing of what follows is made twice because a token was too old
        token.fresh();
        JsonNode authorized = call(
                "/credentials/authorize",
                csc.authorize(credential, hash, pin, otp, delivery),
                Step.AUTHORIZE,
                pin,
                otp);
        String sad = authorized.path("SAD").asText("");
        if (sad.isEmpty()) {
            throw new Refused(
                    SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                    authorized.hasNonNull("handle")
                            ? "%s attende una conferma su un altro canale: non è tra i modi che l'hub conosce."
                                    .formatted(settings.name())
                            : "%s ha autorizzato la firma senza darne la prova (SAD).".formatted(settings.name()),
                    true);
        }
        JsonNode signed = call("/signatures/signHash", csc.signHash(credential, sad, hash), Step.SIGN, pin, otp);
        try {
            byte[] value = Base64.getMimeDecoder()
                    .decode(signed.path("signatures").path(0).asText(""));
            if (value.length > 0) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // told below, like no signature at all
        }
        throw new Refused(
                SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                "%s ha risposto senza una firma leggibile.".formatted(settings.name()),
                true);
    }

    /** Where in the sequence a call stands: it decides what has become of the OTP. */
    enum Step {
        LOGIN,
        INFO,
        OTP,
        AUTHORIZE,
        SIGN
    }

    /** Provider's own description, also of where it gives tokens. */
    JsonNode describe() {
        return call("/info", new WipedJson(), Step.LOGIN);
    }

    private JsonNode call(String path, WipedJson body, Step step, char[]... secrets) {
        byte[] bytes = body.take();
        try {
            URI uri = URI.create(settings.url() + path);
            String authorization = step == Step.LOGIN ? null : token.authorization();
            try {
                return post(uri, authorization, ContentType.APPLICATION_JSON, bytes, step, secrets);
            } catch (TokenRefused e) {
                token.forget();
                if (step != Step.INFO) {
                    throw e.refusal;
                }
                // a token that was taken back before its time; what only asks may be asked again
                return post(uri, token.authorization(), ContentType.APPLICATION_JSON, bytes, step, secrets);
            }
        } catch (TokenRefused e) {
            throw e.refusal;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** One call, and what the answer means. */
    JsonNode post(URI uri, String authorization, ContentType kind, byte[] body, Step step, char[]... secrets) {
        OneCall.Answer answer;
        try {
            answer = http.post(uri, authorization, kind, body);
        } catch (OneCall.NoAnswer e) {
            throw lost(e, step);
        }
        Redaction.of(answer.body(), secrets);
        JsonNode json = json(answer.body());
        if (answer.status() / 100 == 2) {
            return json;
        }
        Refused refusal = CscErrors.refusal(settings, step, answer.status(), json);
        if (answer.status() == 401 && authorization != null && step != Step.LOGIN) {
            throw new TokenRefused(refusal);
        }
        throw refusal;
    }

    /** The hub's own token, and nothing else, was refused. */
    private static final class TokenRefused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Refused refusal;

        TokenRefused(Refused refusal) {
            super(null, null, false, false);
            this.refusal = refusal;
        }
    }

    private Refused lost(OneCall.NoAnswer e, Step step) {
        String words = "%s: %s.".formatted(settings.name(), e.getMessage());
        // what only asks has changed nothing, wherever it ended
        boolean nothing = !e.sent() || step == Step.INFO || step == Step.LOGIN;
        return new Refused(
                nothing ? SnodoCode.SIGNATURE_PROVIDER_DOWN : SnodoCode.SIGNATURE_ANSWER_LOST,
                words
                        + switch (nothing ? Step.INFO : step) {
                            case OTP -> " L'OTP può essere stato inviato: se arriva, si può usare.";
                            case AUTHORIZE -> " Non si sa se l'OTP sia stato accettato: nulla è stato firmato.";
                            case SIGN -> " L'OTP è stato usato e la firma non è arrivata: richiedere un nuovo OTP.";
                            default -> "";
                        },
                step == Step.SIGN);
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? MissingNode.getInstance() : json;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
